package org.lading.root;

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
 */
public record Item(
    Kind kind, String name, String key, long size, Instant modified, @Nullable String version) {

  /** What an item is. */
  public enum Kind {
    /** A file or object with bytes. */
    FILE,
    /** A directory with nothing in it: no other directory is ever reported. */
    EMPTY_DIRECTORY
  }
}
