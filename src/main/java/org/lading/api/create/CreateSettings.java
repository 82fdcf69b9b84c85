package org.lading.api.create;

import java.time.Duration;
import org.lading.request.RequestRules;

/**
 * The settings of the creation of downloads.
 *
 * @param maxBodyBytes the maximum number of bytes of a request body
 * @param rules the settings of the requests
 * @param defaultWait the time that a client waits for a download if its request states no
 *     preference
 */
public record CreateSettings(long maxBodyBytes, RequestRules rules, Duration defaultWait) {
  /** A waiting time that no preparation reaches. */
  public static final Duration NO_LIMIT = Duration.ofDays(366);
}
