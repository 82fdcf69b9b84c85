package org.lading.app;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of an application that were opened and are to be closed, in the reverse order. */
final class OpenedParts implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(OpenedParts.class);

  /** The maximum time that a container waits for the stop; Tomcat itself takes two seconds more. */
  private static final Duration MAX_TIME_TO_STOP = Duration.ofMillis(7500);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  /** Adds a part, and returns it. */
  <T extends AutoCloseable> T add(T part) {
    parts.push(part);
    return part;
  }

  /**
   * Closes all parts, on a thread of its own: what hangs then, a disk or a database say, does not
   * keep the container from stopping.
   */
  @Override
  public void close() {
    Thread closing = new Thread(this::closeAll, "lading-stop");
    closing.setDaemon(true);
    closing.start();
    joinUninterruptibly(closing);
    if (closing.isAlive()) {
      Throwable where = new Throwable("where it is");
      where.setStackTrace(closing.getStackTrace());
      log.warn("The stop takes longer than {}, and is not waited for", MAX_TIME_TO_STOP, where);
    }
  }

  /** Waits also where the thread is interrupted, as that of a start that is given up. */
  private static void joinUninterruptibly(Thread closing) {
    boolean isInterrupted = false;
    long end = System.nanoTime() + MAX_TIME_TO_STOP.toNanos();
    for (long left = end - System.nanoTime();
        left > 0 && closing.isAlive();
        left = end - System.nanoTime()) {
      try {
        closing.join(Math.max(1, Duration.ofNanos(left).toMillis()));
      } catch (InterruptedException e) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void closeAll() {
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (Exception e) {
        log.error("{} did not close", part, e);
      }
    }
  }
}
