package org.lading.app;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the application on a thread of its own, and tries again, with growing pauses, while a part
 * is missing that may be there later.
 */
final class ApplicationStart implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ApplicationStart.class);

  /** The maximum time that a stop waits for an attempt, of the time that containers allow. */
  private static final Duration MAX_TIME_TO_STOP = Duration.ofSeconds(5);

  private final Consumer<BooleanSupplier> attempt;
  private final Consumer<StartFault> failed;
  private final StartPauses pauses;
  private final CountDownLatch first = new CountDownLatch(1);
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "lading-start");

  /**
   * Makes a start.
   *
   * @param attempt starts the application, or throws and leaves nothing open; may ask whether the
   *     start is given up, so that what was started is to be closed
   * @param failed takes the fault of each attempt that failed
   */
  ApplicationStart(
      Consumer<BooleanSupplier> attempt, Consumer<StartFault> failed, StartPauses pauses) {
    this.attempt = attempt;
    this.failed = failed;
    this.pauses = pauses;
    thread.setDaemon(true);
  }

  /** Begins. */
  void begin() {
    thread.start();
  }

  /** Waits for the end of the first attempt, but not for long. */
  void awaitFirst() {
    try {
      if (!first.await(pauses.hold().toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn("The start takes longer than {}, and goes on in the background", pauses.hold());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Gives the start up if it still goes on; an attempt goes on to its end, and is of no effect. */
  void giveUp() {
    stop.countDown();
  }

  /** Returns whether nothing of the start goes on. */
  boolean isOver() {
    return !thread.isAlive();
  }

  private boolean isStopped() {
    return stop.getCount() == 0;
  }

  private void run() {
    Duration pause = pauses.first();
    String told = "";
    while (!isStopped()) {
      StartFault fault = attempt();
      first.countDown();
      if (fault == null) {
        return;
      }
      if (!told.equals(fault.text())) {
        fault.log();
        told = fault.text();
      }
      if (fault.isFinal() || isStoppedWithin(pause)) {
        return;
      }
      pause = pauses.after(pause);
    }
  }

  private @Nullable StartFault attempt() {
    try {
      attempt.accept(this::isStopped);
      return null;
    } catch (RuntimeException | Error e) {
      StartFault fault = StartFault.of(e);
      failed.accept(fault);
      return fault;
    }
  }

  private boolean isStoppedWithin(Duration pause) {
    try {
      return stop.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return true;
    }
  }

  /** Gives the start up if it still goes on; an attempt has some seconds to end. */
  @Override
  public void close() {
    stop.countDown();
    thread.interrupt();
    try {
      thread.join(MAX_TIME_TO_STOP.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      log.warn("The start does not end within {}, and is not waited for", MAX_TIME_TO_STOP);
    }
  }
}
