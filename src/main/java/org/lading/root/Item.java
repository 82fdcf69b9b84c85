package org.lading.root;

import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A file, or an empty directory, of a root.
 *
 * @param kind file or directory
 * @param name for a file target its own name; in a listing the path below the listed directory,
 *     {@code /} between segments, none at either end. Valid Unicode; any other rule about names
 *     inside an archive is the caller's to check
 * @param key the root's own address of the item, opaque to everyone else; valid Unicode
 * @param size bytes; 0 for a directory
 * @param modified the modification time
 * @param version an identifier of this content beside size and time (S3: the ETag), or null
 * @param crc32 the CRC-32 of the content as an unsigned number, if a listing or a lookup gives it;
 *     {@link #CRC32_ON_REQUEST} if {@link Root#crc32} gives it; otherwise {@link #UNKNOWN_CRC32}
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
  /** The value of {@link #crc32()} if the root has no CRC-32 of the item. */
  public static final long UNKNOWN_CRC32 = -1;

  /**
   * The value of {@link #crc32()} if the root has a CRC-32 of the item, which it returns on one
   * more request.
   */
  public static final long CRC32_ON_REQUEST = -2;

  /** Makes an item with no known CRC-32 and no link target. */
  public Item(
      Kind kind, String name, String key, long size, Instant modified, @Nullable String version) {
    this(kind, name, key, size, modified, version, UNKNOWN_CRC32);
  }

  /** Makes an item with no link target. */
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

  /** The two kinds of items. */
  public enum Kind {
    /** A file or object with bytes. */
    FILE,
    /** A directory with nothing in it; no other directory is an item. */
    EMPTY_DIRECTORY
  }
}
