package org.lading.download;

import java.time.Duration;

/**
 * The limits of the preparation of one download.
 *
 * @param maxSteps the maximum number of steps, of all attempts together; {@link
 *     org.lading.root.ItemSink#count} says what a step is
 * @param maxTime the maximum time from the beginning of the first attempt
 */
public record PreparationSettings(long maxSteps, Duration maxTime) {}
