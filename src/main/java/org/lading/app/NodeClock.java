package org.lading.app;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lading.metrics.Metrics;
import org.lading.store.Database;
import org.lading.store.DatabaseClock;

/**
 * The time that a node goes by: that of the database, which several nodes may share, else its own.
 *
 * @param clock decides about expiry, leases, claims, nonces and tokens
 * @param jobs decides when jobs are due, and which nodes are dead
 * @param measured the database's clock, or null where the node's own counts
 */
record NodeClock(Clock clock, Clock jobs, @Nullable DatabaseClock measured) {
  /** The difference of clocks that is told as a fault: S3, for one, refuses five minutes. */
  private static final Duration MAX_OFFSET = Duration.ofMinutes(1);

  private static final double MILLIS_PER_SECOND = 1000;

  /** Makes the clock of a node, and asks the database for its time. */
  static NodeClock of(Database database, boolean isEmbedded, Surroundings surroundings) {
    Clock own = surroundings.clock();
    if (isEmbedded || !surroundings.isClockOfNode()) {
      return new NodeClock(own, Clock.systemUTC(), null);
    }
    DatabaseClock clock = DatabaseClock.of(database, own);
    return new NodeClock(clock, clock, clock);
  }

  /** Asks the database for its time again, and has the difference counted. */
  void measure(PeriodicTasks tasks, Duration pause, Metrics metrics) {
    DatabaseClock database = measured;
    if (database != null) {
      tasks.repeat(pause, database::measure);
    }
    metrics.gauge(
        "lading.clock.offset.seconds",
        "Seconds by which the node's clock is ahead of that of PostgreSQL",
        () -> database == null ? 0 : seconds(database));
  }

  /** Returns the fields of {@code /status} about the clock, with a warning if it is wrong. */
  Map<String, Object> report() {
    Map<String, Object> report = new LinkedHashMap<>();
    if (measured != null) {
      double offset = seconds(measured);
      report.put("clock_offset_seconds", offset);
      if (Math.abs(offset) > MAX_OFFSET.toSeconds()) {
        report.put(
            "warning",
            "This node's clock is %d seconds %s the database's, by which Lading goes: set it"
                .formatted(Math.abs(Math.round(offset)), offset > 0 ? "ahead of" : "behind"));
      }
    }
    return report;
  }

  private static double seconds(DatabaseClock clock) {
    return clock.nodeOffset().toMillis() / MILLIS_PER_SECOND;
  }
}
