package org.lading.download;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.lading.error.LadingException;

/**
 * Counts the steps of one attempt, and ends it where it must end: at a limit, when this node stops,
 * and when the download was deleted or a later attempt has begun. For the thread that makes the
 * steps; others may ask how many there were.
 */
final class AttemptMeter {
  /**
   * The maximum number of steps in the quick lane: some 50 ms on a disk, which a larger download
   * loses when it begins again in the other lane.
   */
  private static final int MAX_QUICK_STEPS = 5000;

  /** The maximum time in the quick lane, for steps that are slow. */
  private static final long MAX_QUICK_NANOS = Duration.ofSeconds(1).toNanos();

  /** The time in which an attempt that makes steps has noticed itself that it is late. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  private static final long CHECK_NANOS = Duration.ofMillis(20).toNanos();

  /** The time between two looks into the store; a deleted download is worked on for that long. */
  private static final long SAVE_NANOS = Duration.ofSeconds(2).toNanos();

  private final Download attempt;
  private final Limits limits;
  private final DownloadStore store;
  private final BooleanSupplier stopping;
  private final long began = System.nanoTime();
  private long lastCheck = began;
  private long lastSave = began;
  private final AtomicLong steps = new AtomicLong();

  /**
   * The limits of an attempt.
   *
   * @param settings the limits of its preparation
   * @param parts have the clock
   */
  record Limits(PreparationSettings settings, DownloadParts parts) {
    boolean isTimeUp(Download attempt) {
      Instant begun = attempt.preparation().begun();
      return begun != null && !parts.now().isBefore(begun.plus(settings.maxTime()));
    }

    LadingException timeIsUp() {
      return settings.timeIsUp();
    }
  }

  /**
   * Makes a meter of an attempt that begins now.
   *
   * @param stopping tells whether this node is about to stop, or the attempt is over
   */
  AttemptMeter(Download attempt, Limits limits, DownloadStore store, BooleanSupplier stopping) {
    this.attempt = attempt;
    this.limits = limits;
    this.store = store;
    this.stopping = stopping;
  }

  /** Returns the time after which the attempt is late, even if it makes no step. */
  Duration maxTime() {
    Instant begun = attempt.preparation().begun();
    Duration left =
        isQuick() || begun == null
            ? Duration.ofNanos(MAX_QUICK_NANOS)
            : Duration.between(limits.parts().now(), begun.plus(limits.settings().maxTime()));
    return left.plus(GRACE);
  }

  /** Returns what ends an attempt that is late. */
  RuntimeException late() {
    return isQuick() ? new TooLongForLaneException() : limits.timeIsUp();
  }

  /** Returns the attempt with the steps that were counted added to those of earlier attempts. */
  Download counted() {
    return attempt.withSteps(attempt.preparation().steps() + steps.get());
  }

  /**
   * Counts steps, as {@link org.lading.root.ItemSink#count}.
   *
   * @throws LadingException {@code TOO_LARGE} or {@code TIMED_OUT}
   * @throws TooLongForLaneException if the download is to be begun again in the long lane
   * @throws AttemptEndedException if the attempt must end without a result
   */
  void count(int count) {
    long made = steps.addAndGet(count);
    if (attempt.preparation().steps() + made > limits.settings().maxSteps()) {
      throw limits.settings().tooManySteps();
    }
    if (isQuick() && made > MAX_QUICK_STEPS) {
      throw new TooLongForLaneException();
    }
    long now = System.nanoTime();
    if (now - lastCheck >= CHECK_NANOS) {
      lastCheck = now;
      check(now);
    }
  }

  private boolean isQuick() {
    return attempt.preparation().lane() == Lane.QUICK;
  }

  private void check(long now) {
    if (stopping.getAsBoolean()) {
      throw new AttemptEndedException("this node stops, or the attempt has ended");
    }
    if (limits.isTimeUp(attempt)) {
      throw limits.timeIsUp();
    }
    if (isQuick() && now - began > MAX_QUICK_NANOS) {
      throw new TooLongForLaneException();
    }
    if (now - lastSave >= SAVE_NANOS) {
      lastSave = now;
      if (!store.saveSteps(counted())) {
        throw new AttemptEndedException("a later attempt has begun, or the download was deleted");
      }
    }
  }
}
