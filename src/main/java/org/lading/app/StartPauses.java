package org.lading.app;

import java.time.Duration;

/**
 * The times of a start.
 *
 * @param first the pause after the first attempt; each further one is twice as long
 * @param longest the maximum pause
 * @param hold the maximum time for which the container waits for the first attempt
 */
public record StartPauses(Duration first, Duration longest, Duration hold) {
  /** Those of an application that is no test. */
  public static final StartPauses DEFAULT =
      new StartPauses(Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofSeconds(30));

  /** Returns the pause after another one. */
  Duration after(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(longest) > 0 ? longest : twice;
  }
}
