package org.lading.limit;

import java.util.Map;

/**
 * The settings of limits.
 *
 * @param usual the limits of each client that has none of its own
 * @param own the limits of those that have, by their names
 * @param address the limits of each address that names no client
 * @param bytesPerSecond the number of bytes of archives that a node sends in a second, or {@link
 *     Pacer#UNBOUNDED}
 * @param archivesAtOnce the number of archives that a node sends at once, or {@link
 *     ArchiveSlots#UNBOUNDED}
 */
public record LimitSettings(
    ClientLimits usual,
    Map<String, ClientLimits> own,
    ClientLimits address,
    long bytesPerSecond,
    int archivesAtOnce) {
  /** Limits nobody. */
  public static final LimitSettings NONE =
      new LimitSettings(
          ClientLimits.UNLIMITED,
          Map.of(),
          ClientLimits.UNLIMITED,
          Pacer.UNBOUNDED,
          ArchiveSlots.UNBOUNDED);

  /** Copies the map. */
  public LimitSettings {
    own = Map.copyOf(own);
  }

  /** Returns the limits of a client. */
  public ClientLimits of(String client) {
    return own.getOrDefault(client, usual);
  }
}
