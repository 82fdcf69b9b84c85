package org.lading.root;

import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One thing found in a root.
 *
 * @param kind file or directory
 * @param name for a file target its own name; in a listing the path below the listed directory,
 *     {@code /} between segments, none at either end. Valid Unicode; any other rule about names
 *     inside an archive is the caller's to check
 * @param key how the root finds the item again; opaque to everyone else, and valid Unicode
 * @param size bytes; 0 for a directory
 * @param modified the modification time
 * @param version what identifies this content beside size and time (S3: the ETag), or null
 * @param crc32 the CRC-32 of the content as an unsigned number, if the root says so unasked; {@link
 *     #UNKNOWN_CRC32} if not; {@link #CRC32_ON_REQUEST} if {@link Root#crc32} tells it
 * @param linkTarget the real file that storage must link to so that nginx can serve it, or null
 *     where the root has locations of its own, and for a directory
 */
public record Item(
    Kind kind,
    String name,
    String key,
    long size,
    Instant modified,
    @Nullable String version,
    long crc32,
    @Nullable Path linkTarget) {
  /** The value of {@link #crc32()} where the root has none. */
  public static final long UNKNOWN_CRC32 = -1;

  /** The value of {@link #crc32()} where the root has one and tells it at the cost of a request. */
  public static final long CRC32_ON_REQUEST = -2;

  /** An item whose CRC-32 the root does not have, and which nothing links to. */
  public Item(
      Kind kind, String name, String key, long size, Instant modified, @Nullable String version) {
    this(kind, name, key, size, modified, version, UNKNOWN_CRC32);
  }

  /** An item which nothing links to. */
  public Item(
      Kind kind,
      String name,
      String key,
      long size,
      Instant modified,
      @Nullable String version,
      long crc32) {
    this(kind, name, key, size, modified, version, crc32, null);
  }

  /** What an item is. */
  public enum Kind {
    /** A file or object with bytes. */
    FILE,
    /** A directory with nothing in it: no other directory is ever reported. */
    EMPTY_DIRECTORY
  }
}
