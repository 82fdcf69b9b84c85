package org.lading.health;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The figures of the last hour, minute by minute: made of samples of counters and of the queue, of
 * which the node takes one every ten seconds. Safe for several threads.
 */
public final class RecentHour {
  /** The time between two samples. */
  public static final Duration PAUSE = Duration.ofSeconds(10);

  /** The number of minutes that are told. */
  public static final int MINUTES = 60;

  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** Those of an hour, and one before it. */
  private static final int MAX_SAMPLES = (int) (Duration.ofHours(1).dividedBy(PAUSE) + 1);

  private final Deque<Sample> samples = new ArrayDeque<>();

  /**
   * What was counted since the node started, up to a moment.
   *
   * @param creates the creates that were accepted
   * @param bytes the bytes of archives that were sent
   * @param failures the preparations and archives that failed
   * @param waiting the downloads that wait to be prepared at the moment, or not a number if nobody
   *     knows
   */
  public record Sample(
      Instant time, double creates, double bytes, double failures, double waiting) {}

  /**
   * What happened in one minute; not a number where nothing is known.
   *
   * @param creates the creates that were accepted
   * @param bytesPerSecond the mean of what was sent
   * @param failures the preparations and archives that failed
   * @param waiting the most downloads that waited to be prepared at a moment
   */
  public record Minute(double creates, double bytesPerSecond, double failures, double waiting) {
    private static final Minute UNKNOWN =
        new Minute(Double.NaN, Double.NaN, Double.NaN, Double.NaN);
  }

  /** Adds a sample, which is later than all others; one that is not takes the place of all. */
  public synchronized void add(Sample sample) {
    Sample last = samples.peekLast();
    if (last != null && !sample.time().isAfter(last.time())) {
      // The clock was set back.
      samples.clear();
    }
    samples.addLast(sample);
    if (samples.size() > MAX_SAMPLES) {
      samples.removeFirst();
    }
  }

  /**
   * Returns the minutes of the hour before a moment, the earliest first, each of which ends as many
   * whole minutes before it.
   */
  public List<Minute> minutes(Instant now) {
    List<Sample> known;
    synchronized (this) {
      known = new ArrayList<>(samples);
    }
    List<Minute> minutes = new ArrayList<>(MINUTES);
    for (int ago = MINUTES; ago > 0; ago--) {
      Instant from = now.minus(MINUTE.multipliedBy(ago));
      minutes.add(minute(known, from, from.plus(MINUTE)));
    }
    return minutes;
  }

  /** Returns what happened between the last samples up to two moments. */
  private static Minute minute(List<Sample> samples, Instant from, Instant to) {
    Sample first = null;
    Sample last = null;
    double waiting = Double.NaN;
    for (Sample sample : samples) {
      if (sample.time().isAfter(to)) {
        break;
      }
      boolean isInside = sample.time().isAfter(from);
      first = first == null || !isInside ? sample : first;
      last = sample;
      if (isInside && !Double.isNaN(sample.waiting())) {
        waiting = Double.isNaN(waiting) ? sample.waiting() : Math.max(waiting, sample.waiting());
      }
    }
    if (first == null || last == null || !first.time().isBefore(last.time())) {
      return Minute.UNKNOWN;
    }
    double seconds = Duration.between(first.time(), last.time()).toMillis() / 1000.0;
    return new Minute(
        last.creates() - first.creates(),
        (last.bytes() - first.bytes()) / seconds,
        last.failures() - first.failures(),
        waiting);
  }
}
