package org.lading.store;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.lading.error.FaultLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The time in which a database does not answer: the log has a line at its begin and its end. */
final class Outage {
  private static final Logger log = LoggerFactory.getLogger(Outage.class);
  private static final long NONE = 0;

  /** The {@link System#nanoTime} of the begin, or {@link #NONE}. */
  private final AtomicLong begin = new AtomicLong(NONE);

  /** Notes that the database did not answer. */
  void failed(Throwable failure) {
    if (begin.compareAndSet(NONE, Math.max(1, System.nanoTime()))) {
      log.warn(
          "The database did not answer; what needs it is refused or tried again: {}",
          FaultLog.reasons(failure));
    }
  }

  /** Notes that it did. */
  void answered() {
    long since = begin.get();
    if (since != NONE && begin.compareAndSet(since, NONE)) {
      log.info(
          "The database answers again, after {} s",
          Duration.ofNanos(System.nanoTime() - since).toSeconds());
    }
  }

  /** Returns whether the database has not answered since it last failed. */
  boolean isOn() {
    return begin.get() != NONE;
  }
}
