package org.lading.download;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.lading.error.Failure;
import org.lading.error.FaultLog;
import org.lading.error.LadingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the clients that wait for downloads to be prepared, without a thread for each. Preparations
 * on this node are announced to it; for those on other nodes it polls the store.
 */
public final class PreparationWaiters implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PreparationWaiters.class);

  private static final int MAX_IDS_PER_QUERY = 500;

  private final DownloadStore store;
  private final LongSupplier nanoTime;
  private final Map<String, List<Waiter>> waiters = new ConcurrentHashMap<>();

  private volatile boolean closed;

  /** A client: the download as it was stored, the answer to the client, and the deadline. */
  private record Waiter(Download download, CompletableFuture<Download> answer, long deadline) {}

  /**
   * Makes an empty set of clients that wait for downloads of a store.
   *
   * @param nanoTime gives times in nanoseconds, as {@link System#nanoTime}
   */
  public PreparationWaiters(DownloadStore store, LongSupplier nanoTime) {
    this.store = store;
    this.nanoTime = nanoTime;
  }

  /**
   * Returns a future that completes with the download when it is settled, an attempt has failed, or
   * the time is up. Several clients may wait for one download. One that is submitted is to be
   * waited for before that; of another one the store is asked, twice a second.
   */
  public CompletableFuture<Download> await(Download pending, Duration time) {
    CompletableFuture<Download> answer = new CompletableFuture<>();
    if (time.isZero()) {
      answer.complete(pending);
    } else {
      long deadline = nanoTime.getAsLong() + time.toNanos();
      Waiter waiter = new Waiter(pending, answer, deadline);
      waiters.merge(pending.id(), List.of(waiter), PreparationWaiters::joined);
      if (closed) {
        answerLate(pending.id(), null);
      }
    }
    return answer;
  }

  private static List<Waiter> joined(List<Waiter> some, List<Waiter> others) {
    List<Waiter> all = new ArrayList<>(some);
    all.addAll(others);
    return all;
  }

  /** Removes the clients of a download that could not be submitted. */
  public void forget(Download pending) {
    waiters.remove(pending.id());
  }

  /** Tells the clients how an attempt ended. */
  void announce(Download ended) {
    if (ended.state().isSettled() || ended.failure() != null) {
      answer(ended);
    }
  }

  /**
   * Tells the clients of a download that an attempt has failed; used where the failure cannot be
   * stored.
   */
  void announce(String id, Failure failure) {
    List<Waiter> waiting = waiters.get(id);
    if (waiting != null) {
      answer(waiting.get(0).download.pendingAgain(failure, null));
    }
  }

  /**
   * Answers the clients whose time is up, and looks up the downloads of the others in the store; to
   * be called a few times a second.
   */
  public void poll() {
    long now = nanoTime.getAsLong();
    waiters.keySet().forEach(id -> answerLate(id, now));
    List<String> ids = List.copyOf(waiters.keySet());
    try {
      for (int from = 0; from < ids.size(); from += MAX_IDS_PER_QUERY) {
        List<String> batch = ids.subList(from, Math.min(ids.size(), from + MAX_IDS_PER_QUERY));
        List<Download> found = store.find(batch);
        found.forEach(this::announce);
        if (found.size() < batch.size()) {
          answerDeleted(batch, found);
        }
      }
    } catch (RuntimeException e) {
      FaultLog.warn(log, "Downloads that clients wait for could not be looked up", e);
    }
  }

  /** Answers all clients that their downloads are pending, which a node prepares later. */
  @Override
  public void close() {
    closed = true;
    waiters.keySet().forEach(id -> answerLate(id, null));
  }

  /** Answers those clients of a download whose time is up, or all of them if no time is given. */
  private void answerLate(String id, @Nullable Long now) {
    List<Waiter> late = new ArrayList<>();
    waiters.computeIfPresent(
        id,
        (same, all) -> {
          List<Waiter> rest = new ArrayList<>();
          all.forEach(one -> (now == null || now - one.deadline >= 0 ? late : rest).add(one));
          return rest.isEmpty() ? null : rest;
        });
    late.forEach(one -> one.answer.complete(one.download));
  }

  private void answer(Download download) {
    taken(download.id()).forEach(waiter -> waiter.answer.complete(download));
  }

  private List<Waiter> taken(String id) {
    List<Waiter> all = waiters.remove(id);
    return all == null ? List.of() : all;
  }

  private void answerDeleted(List<String> ids, List<Download> found) {
    List<String> there = found.stream().map(Download::id).toList();
    for (String id : ids) {
      if (!there.contains(id)) {
        taken(id)
            .forEach(
                waiter -> waiter.answer.completeExceptionally(LadingException.noSuchDownload()));
      }
    }
  }
}
