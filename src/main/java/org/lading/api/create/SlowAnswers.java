package org.lading.api.create;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a space a second before answers that take long, so that proxies go on waiting, and ends the
 * work for a client that has left: only writing shows that. Such an answer has the status 200.
 */
public final class SlowAnswers {
  private static final Logger log = LoggerFactory.getLogger(SlowAnswers.class);

  /** The time until the first space, in which most answers have come, with their own status. */
  private static final long MAX_SILENCE_NANOS = 3_000_000_000L;

  private final Set<PendingAnswer> pending = ConcurrentHashMap.newKeySet();
  private final Executor threads;

  /** An answer that a client waits for since a {@link System#nanoTime}. */
  private record PendingAnswer(
      CompletableFuture<?> work, DeliveryFilter.Delivery delivery, long began) {}

  /**
   * Makes an empty set of answers.
   *
   * @param threads write to clients, and go on with the work's result; their tasks may block
   */
  public SlowAnswers(Executor threads) {
    this.threads = threads;
  }

  /** Returns work that is cancelled when its client has left, and after which no space is sent. */
  <T> CompletableFuture<T> watched(CompletableFuture<T> work, DeliveryFilter.Delivery delivery) {
    PendingAnswer one = new PendingAnswer(work, delivery, System.nanoTime());
    pending.add(one);
    return work.whenCompleteAsync(
        (result, failure) -> {
          pending.remove(one);
          delivery.begin();
        },
        threads);
  }

  /** Sends the spaces that are due; to be called about every second. */
  public void sendSpaces() {
    long now = System.nanoTime();
    for (PendingAnswer one : pending) {
      if (now - one.began() >= MAX_SILENCE_NANOS) {
        threads.execute(() -> sendSpace(one));
      }
    }
  }

  private static void sendSpace(PendingAnswer one) {
    try {
      one.delivery().sendSpace();
    } catch (IOException e) {
      if (one.work().cancel(false)) {
        log.info("The work for an answer ends: its client left");
        log.debug("It showed by this", e);
      }
    }
  }
}
