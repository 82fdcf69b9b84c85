package org.lading.zip;

import java.time.Instant;

/**
 * The properties of an archive member that its records depend on.
 *
 * @param name the name in the archive, {@code /} between segments; that of a directory ends in one
 * @param size the size in bytes, 0 for a directory
 * @param modified the modification time
 * @param deferred whether the CRC-32 follows the content in a data descriptor, because it cannot be
 *     known before; else the local header has it
 */
public record Member(String name, long size, Instant modified, boolean deferred) {
  /** Tells whether this is a directory. */
  public boolean isDirectory() {
    return name.endsWith("/");
  }
}
