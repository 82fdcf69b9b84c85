package org.lading.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.lading.limit.ArchiveSlots;
import org.lading.limit.ClientLimits;
import org.lading.limit.LimitSettings;
import org.lading.limit.Pacer;

/**
 * Reads the limits: of all clients, of single ones, of addresses, and of what a node sends to all.
 */
final class LimitReader {
  /** The greatest number of creates a minute: each is a write of the database. */
  private static final long MAX_CREATES = 1_000_000;

  /** The least rate: each buffer that is sent is as large. */
  private static final long MIN_BYTES_PER_SECOND = 64 << 10;

  private final ClientLimits usual;
  private final ClientLimits address;
  private final long bytesPerSecond;
  private final int archivesAtOnce;
  private final Map<String, ClientLimits> own = new HashMap<>();

  /** Makes a reader, and reads what holds for all from the section {@code limits}. */
  LimitReader(SectionReader limits) {
    this.usual = client(limits.section("client"), ClientLimits.UNLIMITED);
    this.address = address(limits.section("address"));
    this.bytesPerSecond =
        limits.sizeOrNone(
            "bytes_per_second", Pacer.UNBOUNDED, Pacer.UNBOUNDED, MIN_BYTES_PER_SECOND);
    this.archivesAtOnce =
        (int)
            limits.numberOrNone(
                "archives_at_once",
                ArchiveSlots.UNBOUNDED,
                ArchiveSlots.UNBOUNDED,
                ArchiveSlots.UNBOUNDED);
  }

  /** Reads what a client of the settings has instead, from its section. */
  void readOwn(String name, SectionReader client) {
    if (client.has("limits")) {
      own.put(name, client(client.section("limits"), usual));
    }
  }

  /** Returns what was read. */
  LimitSettings settings() {
    return new LimitSettings(usual, own, address, bytesPerSecond, archivesAtOnce);
  }

  private static ClientLimits address(SectionReader section) {
    ClientLimits read =
        new ClientLimits(
            section.numberOrNone(
                "creates_per_minute", ClientLimits.NONE, ClientLimits.NONE, MAX_CREATES),
            ClientLimits.NONE,
            section.sizeOrNone("bytes_per_day", ClientLimits.NONE, ClientLimits.NONE, 1));
    section.refuseUnknown(Set.of());
    return read;
  }

  private static ClientLimits client(SectionReader section, ClientLimits defaults) {
    ClientLimits read =
        new ClientLimits(
            section.numberOrNone(
                "creates_per_minute", defaults.createsPerMinute(), ClientLimits.NONE, MAX_CREATES),
            section.numberOrNone(
                "preparations_at_once",
                defaults.preparationsAtOnce(),
                ClientLimits.NONE,
                Integer.MAX_VALUE),
            section.sizeOrNone("bytes_per_day", defaults.bytesPerDay(), ClientLimits.NONE, 1));
    section.refuseUnknown(Set.of());
    return read;
  }
}
