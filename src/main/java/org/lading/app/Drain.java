package org.lading.app;

import java.time.Duration;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits before a stop until nothing is being sent: archives above all, but also the manifests and
 * contents that nginx asks for.
 */
final class Drain {
  /**
   * The attribute of the servlet context with a {@code Consumer<Duration>}, by which whoever runs
   * the application prepares its stop: it takes the time to wait where the settings say nothing,
   * and returns when the application may be stopped.
   */
  static final String ATTRIBUTE = "org.lading.drain";

  private static final Logger log = LoggerFactory.getLogger(Drain.class);
  private static final long PAUSE_MILLIS = 50;

  private Drain() {}

  /**
   * Waits until nothing is running, for at most a time.
   *
   * @param running tells the number of transfers that are running
   */
  static void await(IntSupplier running, Duration limit) {
    int atFirst = running.getAsInt();
    if (atFirst == 0 || limit.isZero()) {
      return;
    }
    log.info("Lading finishes what it sends, in at most {} s: {}", limit.toSeconds(), atFirst);
    long begin = System.nanoTime();
    int left = atFirst;
    try {
      while (left > 0 && System.nanoTime() - begin < limit.toNanos()) {
        Thread.sleep(PAUSE_MILLIS);
        left = running.getAsInt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (left > 0) {
      log.warn("Lading stops while it sends, and what is left breaks off: {}", left);
    }
  }
}
