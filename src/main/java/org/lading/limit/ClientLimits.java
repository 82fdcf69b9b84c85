package org.lading.limit;

/**
 * What one client may have, on all nodes together, or one address that names no client, on each
 * node; {@link #NONE} in place of a number is no limit.
 *
 * @param createsPerMinute the number of create requests a minute
 * @param preparationsAtOnce the number of its downloads that are prepared or wait for that; of
 *     addresses not counted
 * @param bytesPerDay the number of bytes of archives a day
 */
public record ClientLimits(long createsPerMinute, long preparationsAtOnce, long bytesPerDay) {
  /** The number that stands for no limit. */
  public static final long NONE = Long.MAX_VALUE;

  /** The limits of clients of which the settings say nothing. */
  public static final ClientLimits UNLIMITED = new ClientLimits(NONE, NONE, NONE);
}
