package org.lading.manifest;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.lading.checksum.ContentId;

/**
 * One member of an archive.
 *
 * @param kind file or directory
 * @param name the full name inside the archive, {@code /} between segments, no trailing slash
 * @param size bytes; 0 for a directory
 * @param crc32 the CRC-32 of the content as an unsigned number, or {@link #UNKNOWN_CRC32}
 * @param modified the modification time
 * @param source where the bytes come from, or null for a literal or a directory
 * @param stored the file or link below the storage's content directory that nginx serves for this
 *     entry, {@code /} between segments, or null if the root has a location of its own
 */
public record Entry(
    Kind kind,
    String name,
    long size,
    long crc32,
    Instant modified,
    @Nullable Source source,
    @Nullable String stored) {

  /** The value of {@link #crc32()} while nobody has computed it. */
  public static final long UNKNOWN_CRC32 = -1;

  /** What an entry is. */
  public enum Kind {
    /** A file with bytes. */
    FILE,
    /** A directory entry without bytes. */
    DIRECTORY
  }

  /**
   * Where an entry's bytes are.
   *
   * @param root the name of the root
   * @param key how that root finds them, see {@link org.lading.root.Item#key()}
   * @param version see {@link org.lading.root.Item#version()}
   */
  public record Source(String root, String key, @Nullable String version) {
    /** What identifies the bytes of an entry of that size and time whose source this is. */
    public ContentId content(long size, Instant modified) {
      return ContentId.of(root, key, size, modified, version);
    }
  }

  /** The same entry with a CRC-32, or with {@link #UNKNOWN_CRC32}. */
  public Entry withCrc32(long value) {
    return new Entry(kind, name, size, value, modified, source, stored);
  }

  /** Whether the CRC-32 is known. */
  public boolean hasCrc32() {
    return crc32 != UNKNOWN_CRC32;
  }

  /** Whether this is a directory entry. */
  public boolean isDirectory() {
    return kind == Kind.DIRECTORY;
  }
}
