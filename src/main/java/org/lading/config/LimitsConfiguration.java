package org.lading.config;

/**
 * The most that one request may ask for.
 *
 * @param entries entries of one download
 * @param bodyBytes bytes of a request's body
 * @param targets targets in one request
 * @param bytes sum of the files' sizes in one download; {@link #NO_LIMIT} for none
 */
public record LimitsConfiguration(long entries, long bodyBytes, int targets, long bytes) {
  /** The value of {@link #bytes()} that limits nothing. */
  public static final long NO_LIMIT = Long.MAX_VALUE;

  /** What holds where the file says nothing. */
  public static final LimitsConfiguration DEFAULTS =
      new LimitsConfiguration(5_000_000, 64L << 20, 1_000_000, NO_LIMIT);
}
