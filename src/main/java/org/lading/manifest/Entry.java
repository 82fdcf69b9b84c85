package org.lading.manifest;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.lading.checksum.ContentId;

/**
 * A file or an empty directory of a download, as it becomes one member of an archive.
 *
 * @param kind file or directory
 * @param name the full name inside the archive, {@code /} between segments, no trailing slash
 * @param size the size in bytes; 0 for a directory
 * @param crc32 the CRC-32 of the content as an unsigned number, or {@link #UNKNOWN_CRC32}
 * @param modified the modification time
 * @param source the place of the bytes in a root, or null for a literal or a directory
 * @param stored the file or link below the storage's content directory that nginx serves for this
 *     entry, {@code /} between segments; or {@link #DATABASE}, the id of the download, {@code /}
 *     and the position of a literal in the {@link LiteralStore}; or null if the root has a location
 *     of its own
 */
public record Entry(
    Kind kind,
    String name,
    long size,
    long crc32,
    Instant modified,
    @Nullable Source source,
    @Nullable String stored) {

  /** The value of {@link #crc32()} while it is not known. */
  public static final long UNKNOWN_CRC32 = -1;

  /** The beginning of {@link #stored()} for literals in the database; no id begins with it. */
  static final String DATABASE = "database/";

  /** The kind of an entry. */
  public enum Kind {
    /** A file with bytes. */
    FILE,
    /** A directory entry without bytes. */
    DIRECTORY
  }

  /**
   * The place of an entry's bytes in a root.
   *
   * @param root the name of the root
   * @param key the key of the file in that root, see {@link org.lading.root.Item#key()}
   * @param version the version of the file, see {@link org.lading.root.Item#version()}
   */
  public record Source(String root, String key, @Nullable String version) {}

  /**
   * Returns the id of this entry's bytes.
   *
   * @throws IllegalStateException if no root has them
   */
  public ContentId contentId() {
    if (source == null) {
      throw new IllegalStateException("an entry without a source: " + name);
    }
    return ContentId.of(source.root, source.key, size, modified, source.version);
  }

  /** Copies this entry with a CRC-32, or with {@link #UNKNOWN_CRC32}. */
  public Entry withCrc32(long value) {
    return new Entry(kind, name, size, value, modified, source, stored);
  }

  /** Returns whether the CRC-32 is known. */
  public boolean hasCrc32() {
    return crc32 != UNKNOWN_CRC32;
  }

  /** Returns whether this is a literal in the database, which nginx gets from Lading. */
  public boolean isInDatabase() {
    return stored != null && stored.startsWith(DATABASE);
  }

  /** Returns whether this has a file or a link in the storage, which nginx reads itself. */
  public boolean isInStorage() {
    return stored != null && !isInDatabase();
  }

  /** Returns whether this is a directory entry. */
  public boolean isDirectory() {
    return kind == Kind.DIRECTORY;
  }
}
