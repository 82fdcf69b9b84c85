package org.lading.app;

import java.time.Duration;

/**
 * The times of a start, and of the watch over the settings.
 *
 * @param first the pause after the first attempt; each further one is twice as long
 * @param longest the maximum pause
 * @param hold the maximum time for which the container waits for the first attempt
 * @param look the pause between two looks at the settings file
 */
public record StartPauses(Duration first, Duration longest, Duration hold, Duration look) {
  /** Those of an application that is no test. */
  public static final StartPauses DEFAULT =
      new StartPauses(
          Duration.ofSeconds(1),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofSeconds(2));

  /** Returns the pause after another one. */
  Duration after(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(longest) > 0 ? longest : twice;
  }
}
