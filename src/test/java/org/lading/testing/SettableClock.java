package org.lading.testing;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** A clock that stands still until a test sets it. */
public final class SettableClock extends Clock {
  private volatile Instant now;

  /** A clock that stands at a time. */
  public SettableClock(Instant now) {
    this.now = now;
  }

  /** A clock that stands at the time of the machine, cut to a unit. */
  public static SettableClock atNow(ChronoUnit unit) {
    return new SettableClock(Clock.systemUTC().instant().truncatedTo(unit));
  }

  /** Sets it. */
  public void set(Instant time) {
    now = time;
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("times are in UTC");
  }
}
