package org.lading.app;

import java.time.Clock;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.lading.download.DownloadIds;
import org.lading.root.Root;
import org.lading.root.watch.WatchLimits;

/**
 * What an application takes from outside its configuration.
 *
 * @param clock the clock
 * @param isClockOfNode whether the clock is that of this machine alone, so that the time of a
 *     database that several nodes may share decides
 * @param ids gives unguessable ids of downloads
 * @param limits the limits of steps on roots
 * @param renewalPause the time after which the leases of what is being sent are renewed
 * @param roots replaces a configured root, or returns it as it is
 * @param startPauses the pauses between attempts to start
 */
public record Surroundings(
    Clock clock,
    boolean isClockOfNode,
    Supplier<String> ids,
    WatchLimits limits,
    Duration renewalPause,
    UnaryOperator<Root> roots,
    StartPauses startPauses) {
  private static final Duration RENEWAL_PAUSE = Duration.ofSeconds(10);

  /** Returns those of an application that is no test, on the clock of its machine. */
  public static Surroundings ofNode(Clock clock) {
    return new Surroundings(
        clock,
        true,
        DownloadIds.random(),
        WatchLimits.DEFAULT,
        RENEWAL_PAUSE,
        UnaryOperator.identity(),
        StartPauses.DEFAULT);
  }

  /** Returns those on a clock that decides whatever the database's time is. */
  public static Surroundings on(Clock clock) {
    Surroundings others = ofNode(clock);
    return new Surroundings(
        clock,
        false,
        others.ids,
        others.limits,
        others.renewalPause,
        others.roots,
        others.startPauses);
  }

  /** Returns these with other limits of steps on roots. */
  public Surroundings withLimits(WatchLimits other) {
    return new Surroundings(clock, isClockOfNode, ids, other, renewalPause, roots, startPauses);
  }

  /** Returns these with another pause between renewals of leases. */
  public Surroundings withRenewalPause(Duration other) {
    return new Surroundings(clock, isClockOfNode, ids, limits, other, roots, startPauses);
  }

  /** Returns these with what replaces configured roots. */
  public Surroundings withRoots(UnaryOperator<Root> other) {
    return new Surroundings(clock, isClockOfNode, ids, limits, renewalPause, other, startPauses);
  }

  /** Returns these with other pauses between attempts to start. */
  public Surroundings withStartPauses(StartPauses other) {
    return new Surroundings(clock, isClockOfNode, ids, limits, renewalPause, roots, other);
  }
}
