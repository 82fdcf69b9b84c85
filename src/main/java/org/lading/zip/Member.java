package org.lading.zip;

import java.time.Instant;

/**
 * One member of an archive, as far as its layout depends on it.
 *
 * @param name the name as the archive has it, {@code /} between segments; a directory's ends in one
 * @param size bytes, 0 for a directory
 * @param modified modification time
 * @param deferred whether the CRC-32 follows the content in a data descriptor, because it cannot be
 *     known before; else the local header has it
 */
public record Member(String name, long size, Instant modified, boolean deferred) {
  /** Whether this is a directory entry. */
  public boolean isDirectory() {
    return name.endsWith("/");
  }
}
