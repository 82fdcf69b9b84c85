package org.lading.root.watch;

import java.time.Duration;

/**
 * The limits of steps on roots.
 *
 * @param waiting the time without progress after which a step is reported as waiting
 * @param local the time without progress after which a step on a directory is given up
 * @param remote the same for a store, whose client has limits of its own for each of its attempts;
 *     also the maximum time in which a content must bring {@link WatchedInputStream#MIN_BYTES}
 * @param maxStuck the number of threads, stuck in steps that were given up, from which on the root
 *     is refused
 */
public record WatchLimits(Duration waiting, Duration local, Duration remote, int maxStuck) {
  /** The limits that apply outside tests. */
  public static final WatchLimits DEFAULT =
      new WatchLimits(Duration.ofSeconds(10), Duration.ofSeconds(45), Duration.ofSeconds(150), 64);

  private static final int SCANS_WHILE_WAITING = 10;

  /** Returns the pause between two scans of all steps. */
  public Duration scanPause() {
    return waiting.dividedBy(SCANS_WHILE_WAITING);
  }
}
