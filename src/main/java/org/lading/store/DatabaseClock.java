package org.lading.store;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time of the database, by which all nodes on it go: with clocks of their own that differ, one
 * would remove what another one sends, and take it for dead.
 *
 * <p>The database is asked now and then, never when the time is read. In between the time goes on
 * with {@link System#nanoTime}, so that it does not jump when this machine's clock is set. A
 * measurement is as uncertain as it took long: the time is corrected only as far as the measurement
 * proves it wrong. A correction of at most a second is spread over ten, so that the time never goes
 * backwards; a greater one, when the database's own clock was set, is made at once.
 */
public final class DatabaseClock extends Clock {
  private static final Logger log = LoggerFactory.getLogger(DatabaseClock.class);

  /** How often the database is asked at first; the quickest answer counts. */
  private static final int FIRST_MEASUREMENTS = 3;

  private static final long MAX_SPREAD_NANOS = 1_000_000_000;
  private static final long SPREAD_OVER_NANOS = 10_000_000_000L;

  private final Supplier<Instant> database;
  private final Clock node;
  private final LongSupplier nanoTime;
  private volatile Course course;
  private volatile Duration nodeOffset;

  /**
   * How the time goes on: with the nanoseconds since its begin, of which there are {@code gain}
   * more after {@link #SPREAD_OVER_NANOS}.
   */
  private record Course(long begin, Instant time, long gain) {
    Instant at(long nanos) {
      long elapsed = nanos - begin;
      double share = Math.min(1, (double) elapsed / SPREAD_OVER_NANOS);
      return time.plusNanos(elapsed + (long) (gain * share));
    }
  }

  /** An answer of the database, when half of the time that it took had passed. */
  private record Measurement(long nanos, Instant time, long uncertainty, Duration nodeOffset) {}

  /** Makes a clock, and asks the database, which must be PostgreSQL. */
  public static DatabaseClock of(Database database, Clock node) {
    Transactions transactions = new Transactions(database);
    return new DatabaseClock(
        () ->
            transactions.read(
                handle ->
                    handle
                        .createQuery("select clock_timestamp() as now")
                        .map((row, context) -> transactions.dialect().time(row, "now"))
                        .one()),
        node,
        System::nanoTime);
  }

  DatabaseClock(Supplier<Instant> database, Clock node, LongSupplier nanoTime) {
    this.database = database;
    this.node = node;
    this.nanoTime = nanoTime;
    Measurement best = ask();
    for (int i = 1; i < FIRST_MEASUREMENTS; i++) {
      Measurement next = ask();
      best = next.uncertainty < best.uncertainty ? next : best;
    }
    this.course = new Course(best.nanos, best.time, 0);
    this.nodeOffset = best.nodeOffset;
  }

  /** Asks the database, and corrects the time; to be called several times a minute. */
  public void measure() {
    Measurement measured;
    try {
      measured = ask();
    } catch (LadingException e) {
      if (e.code() != ErrorCode.STORAGE_UNAVAILABLE) {
        throw e;
      }
      log.debug("The database does not tell its time; it goes on as before", e);
      return;
    }
    nodeOffset = measured.nodeOffset;
    Instant believed = course.at(measured.nanos);
    long wrong = Duration.between(believed, measured.time).toNanos();
    long proved = Math.max(0, Math.abs(wrong) - measured.uncertainty) * Long.signum(wrong);
    if (Math.abs(proved) > MAX_SPREAD_NANOS) {
      log.warn(
          "The database's clock was set by {} seconds: expiry goes by it",
          Duration.ofNanos(wrong).toSeconds());
      course = new Course(measured.nanos, measured.time, 0);
    } else if (proved != 0) {
      // From now on, not from the middle of the measurement: others have read the time since.
      long now = nanoTime.getAsLong();
      course = new Course(now, course.at(now), proved);
    }
  }

  private Measurement ask() {
    long begin = nanoTime.getAsLong();
    Instant own = node.instant();
    Instant time = database.get();
    long half = (nanoTime.getAsLong() - begin) / 2;
    return new Measurement(begin + half, time, half, Duration.between(time.minusNanos(half), own));
  }

  /** Returns how far this node's own clock was ahead of the database's at the last measurement. */
  public Duration nodeOffset() {
    return nodeOffset;
  }

  @Override
  public Instant instant() {
    return course.at(nanoTime.getAsLong());
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(@Nullable ZoneId zone) {
    throw new UnsupportedOperationException("times are in UTC");
  }
}
