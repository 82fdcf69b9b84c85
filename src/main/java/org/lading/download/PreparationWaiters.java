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
 * Who waits for downloads to be prepared, without a thread for each. What this node prepares is
 * known at once; for what other nodes prepare the store is asked now and then.
 */
public final class PreparationWaiters implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PreparationWaiters.class);

  private static final int ASKED_AT_ONCE = 500;

  private final DownloadStore store;
  private final LongSupplier nanoTime;
  private final Map<String, Waiting> waiting = new ConcurrentHashMap<>();

  private volatile boolean closed;

  /** Somebody who waits: for what, and until when. */
  private record Waiting(Download known, CompletableFuture<Download> answer, long deadline) {}

  /**
   * Outcomes of the downloads in a store.
   *
   * @param nanoTime as {@link System#nanoTime}
   */
  public PreparationWaiters(DownloadStore store, LongSupplier nanoTime) {
    this.store = store;
    this.nanoTime = nanoTime;
  }

  /**
   * The download once it is settled, or its preparation has failed for the first time, or the time
   * is up: as it is then. To be called once for a download, before it is submitted.
   */
  CompletableFuture<Download> await(Download pending, Duration time) {
    CompletableFuture<Download> answer = new CompletableFuture<>();
    if (time.isZero()) {
      answer.complete(pending);
    } else {
      long deadline = nanoTime.getAsLong() + time.toNanos();
      waiting.put(pending.id(), new Waiting(pending, answer, deadline));
      if (closed) {
        answer(pending);
      }
    }
    return answer;
  }

  /** Nobody waits for it any more: it could not be submitted. */
  void forget(Download pending) {
    waiting.remove(pending.id());
  }

  /** Tells whoever waits how an attempt ended. */
  void announce(Download ended) {
    if (ended.state().isSettled() || ended.failure() != null) {
      answer(ended);
    }
  }

  /**
   * Tells whoever waits here for a download that its preparation broke off; they need not wait
   * until that could be stored.
   */
  void announce(String id, Failure failure) {
    Waiting one = waiting.get(id);
    if (one != null) {
      answer(one.known.again(failure));
    }
  }

  /** Asks the store about everything that somebody waits for; to be called a few times a second. */
  public void poll() {
    waiting.values().stream().map(Waiting::known).forEach(this::answerIfLate);
    List<String> ids = List.copyOf(waiting.keySet());
    try {
      for (int from = 0; from < ids.size(); from += ASKED_AT_ONCE) {
        List<String> some = ids.subList(from, Math.min(ids.size(), from + ASKED_AT_ONCE));
        List<Download> found = store.find(some);
        found.forEach(this::announce);
        if (found.size() < some.size()) {
          answerDeleted(some, found);
        }
      }
    } catch (RuntimeException e) {
      log.warn("Downloads that somebody waits for could not be looked up", e);
    }
  }

  /** Answers everybody with what is known: another node, or this one later, goes on. */
  @Override
  public void close() {
    closed = true;
    waiting.values().stream().map(Waiting::known).forEach(this::answer);
  }

  private void answerIfLate(Download download) {
    Waiting one = waiting.get(download.id());
    if (one != null && nanoTime.getAsLong() - one.deadline >= 0) {
      answer(download);
    }
  }

  private void answer(Download download) {
    Waiting one = waiting.remove(download.id());
    if (one != null) {
      one.answer.complete(download);
    }
  }

  private void answerDeleted(List<String> asked, List<Download> found) {
    List<String> there = found.stream().map(Download::id).toList();
    for (String id : asked) {
      Waiting one = there.contains(id) ? null : waiting.remove(id);
      if (one != null) {
        one.answer.completeExceptionally(LadingException.noSuchDownload());
      }
    }
  }
}
