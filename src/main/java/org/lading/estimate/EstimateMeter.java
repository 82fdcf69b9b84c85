package org.lading.estimate;

import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.lading.download.PreparationSettings;

/** Counts the steps of one estimate, and ends it at the limits of a preparation. For one thread. */
final class EstimateMeter {
  private static final long CHECK_NANOS = 20_000_000;

  private final PreparationSettings limits;
  private final BooleanSupplier isOver;
  private final long began = System.nanoTime();
  private long lastCheck = began;
  private long steps;

  /**
   * Makes a meter of an estimate that begins now.
   *
   * @param isOver tells whether nobody waits for the estimate any more
   */
  EstimateMeter(PreparationSettings limits, BooleanSupplier isOver) {
    this.limits = limits;
    this.isOver = isOver;
  }

  /** Counts steps, as {@link org.lading.root.ItemSink#count}. */
  void count(int count) {
    steps += count;
    if (steps > limits.maxSteps()) {
      throw limits.tooManySteps();
    }
    long now = System.nanoTime();
    if (now - lastCheck >= CHECK_NANOS) {
      lastCheck = now;
      check();
    }
  }

  private void check() {
    if (isOver.getAsBoolean()) {
      throw new CancellationException("nobody waits for the estimate any more");
    }
    if (elapsedNanos() > limits.maxTime().toNanos()) {
      throw limits.timeIsUp();
    }
  }

  /** Returns the time since the estimate began. */
  long elapsedNanos() {
    return System.nanoTime() - began;
  }
}
