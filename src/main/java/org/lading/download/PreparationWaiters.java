package org.lading.download;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.lading.error.Failure;
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
  private final Map<String, Waiter> waiters = new ConcurrentHashMap<>();

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
   * the time is up. To be called once for a download, before it is submitted.
   */
  CompletableFuture<Download> await(Download pending, Duration time) {
    CompletableFuture<Download> answer = new CompletableFuture<>();
    if (time.isZero()) {
      answer.complete(pending);
    } else {
      long deadline = nanoTime.getAsLong() + time.toNanos();
      waiters.put(pending.id(), new Waiter(pending, answer, deadline));
      if (closed) {
        answer(pending);
      }
    }
    return answer;
  }

  /** Removes the client of a download that could not be submitted. */
  void forget(Download pending) {
    waiters.remove(pending.id());
  }

  /** Tells the client how an attempt ended. */
  void announce(Download ended) {
    if (ended.state().isSettled() || ended.failure() != null) {
      answer(ended);
    }
  }

  /**
   * Tells the client of a download that an attempt has failed; used where the failure cannot be
   * stored.
   */
  void announce(String id, Failure failure) {
    Waiter waiter = waiters.get(id);
    if (waiter != null) {
      answer(waiter.download.pendingAgain(failure));
    }
  }

  /**
   * Answers the clients whose time is up, and looks up the downloads of the others in the store; to
   * be called a few times a second.
   */
  public void poll() {
    waiters.values().stream().map(Waiter::download).forEach(this::answerIfLate);
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
      log.warn("Downloads that clients wait for could not be looked up", e);
    }
  }

  /** Answers all clients that their downloads are pending, which a node prepares later. */
  @Override
  public void close() {
    closed = true;
    waiters.values().stream().map(Waiter::download).forEach(this::answer);
  }

  private void answerIfLate(Download download) {
    Waiter waiter = waiters.get(download.id());
    if (waiter != null && nanoTime.getAsLong() - waiter.deadline >= 0) {
      answer(download);
    }
  }

  private void answer(Download download) {
    Waiter waiter = waiters.remove(download.id());
    if (waiter != null) {
      waiter.answer.complete(download);
    }
  }

  private void answerDeleted(List<String> ids, List<Download> found) {
    List<String> there = found.stream().map(Download::id).toList();
    for (String id : ids) {
      Waiter waiter = there.contains(id) ? null : waiters.remove(id);
      if (waiter != null) {
        waiter.answer.completeExceptionally(LadingException.noSuchDownload());
      }
    }
  }
}
