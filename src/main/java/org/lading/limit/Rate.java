package org.lading.limit;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * A quota of requests that grows back evenly: whoever has asked for nothing in a window may ask for
 * all of it at once, and then for one more whenever its part of the window has passed. So in any
 * time at most the quota comes, and what grows back in that time.
 *
 * <p>All that is stored of one who asks is a time in microseconds since 1970: when its quota will
 * be whole again. Each request puts it off by one part. This is the generic cell rate algorithm of
 * ITU-T I.371, which takes the same decisions as a bucket of tokens.
 *
 * @param quota the number of requests, at least 1
 * @param window the time in which the whole quota grows back
 */
public record Rate(long quota, Duration window) {
  /** What {@link #taken} returns for a request that is refused. */
  public static final long REFUSED = -1;

  /**
   * The time by which clocks of nodes may differ. A stored time that is further away than the
   * window and this was stored before the clock was set back, and does not count.
   */
  private static final long MAX_CLOCK_DIFFERENCE = TimeUnit.MINUTES.toMicros(5);

  /** Makes a rate of a number of requests a minute. */
  public static Rate perMinute(long quota) {
    return new Rate(quota, Duration.ofMinutes(1));
  }

  /** Returns a time as stored times are. */
  public static long micros(Instant time) {
    return TimeUnit.SECONDS.toMicros(time.getEpochSecond()) + time.getNano() / 1000;
  }

  /** Returns the microseconds in which one request grows back. */
  public long part() {
    return Math.max(1, -Math.floorDiv(-TimeUnit.NANOSECONDS.toMicros(window.toNanos()), quota));
  }

  /** Returns the microseconds in which the whole quota grows back. */
  public long whole() {
    return part() * quota;
  }

  /** Returns the latest stored time that counts. */
  public long latest(long now) {
    return now + whole() + MAX_CLOCK_DIFFERENCE;
  }

  /**
   * Returns the time to be stored after a request, or {@link #REFUSED} if there is none left.
   *
   * @param full the stored time, 0 if nothing is stored
   * @param now the time of the request
   */
  public long taken(long full, long now) {
    long next = begin(full, now) + part();
    return next <= now + whole() ? next : REFUSED;
  }

  /** Returns the number of requests that are left. */
  public long remaining(long full, long now) {
    return Math.max(0, (now + whole() - begin(full, now)) / part());
  }

  /** Returns the microseconds until there is one request more, 0 if there is one now. */
  public long untilNext(long full, long now) {
    return Math.max(0, begin(full, now) + part() - whole() - now);
  }

  /** Returns the microseconds until the quota is whole again. */
  public long untilFull(long full, long now) {
    return begin(full, now) - now;
  }

  private long begin(long full, long now) {
    return full < now || full > latest(now) ? now : full;
  }
}
