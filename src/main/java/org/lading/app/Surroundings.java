package org.lading.app;

import java.time.Clock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.lading.download.DownloadIds;
import org.lading.root.Root;
import org.lading.root.watch.WatchLimits;

/**
 * What an application takes from outside its configuration.
 *
 * @param clock the clock
 * @param ids gives unguessable ids of downloads
 * @param limits the limits of steps on roots
 * @param roots replaces a configured root, or returns it as it is
 */
public record Surroundings(
    Clock clock, Supplier<String> ids, WatchLimits limits, UnaryOperator<Root> roots) {
  /** Returns those of an application that is no test, on a clock. */
  public static Surroundings on(Clock clock) {
    return new Surroundings(
        clock, DownloadIds.random(), WatchLimits.DEFAULT, UnaryOperator.identity());
  }
}
