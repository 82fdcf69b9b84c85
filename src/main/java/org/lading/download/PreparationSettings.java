package org.lading.download;

import java.time.Duration;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/**
 * The limits of the preparation of one download.
 *
 * @param maxSteps the maximum number of steps, of all attempts together; {@link
 *     org.lading.root.ItemSink#count} says what a step is
 * @param maxTime the maximum time from the beginning of the first attempt
 */
public record PreparationSettings(long maxSteps, Duration maxTime) {
  /** Makes the {@code TIMED_OUT} exception of a preparation that has taken longer. */
  public LadingException timeIsUp() {
    return new LadingException(
        ErrorCode.TIMED_OUT,
        "The preparation took longer than %d seconds (limits.preparation)"
            .formatted(maxTime.toSeconds()));
  }

  /** Makes the {@code TOO_LARGE} exception of a preparation that would take more steps. */
  public LadingException tooManySteps() {
    return new LadingException(
        ErrorCode.TOO_LARGE,
        "The preparation takes more than %d steps (limits.work), which were used up at this target"
            .formatted(maxSteps));
  }
}
