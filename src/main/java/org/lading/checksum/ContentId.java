package org.lading.checksum;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What identifies the bytes of a file or object: as long as none of it changes, neither does their
 * checksum.
 *
 * @param root the name of the root
 * @param key how the root finds it, {@code /} between segments
 * @param size bytes
 * @param version tells it from what had, or will have, the same key
 */
public record ContentId(String root, String key, long size, String version) {
  private static final String WEAK = "W/";

  /**
   * What identifies this content.
   *
   * @param version the root's own word for this content (S3: the ETag), or null; without one, or
   *     with a weak one, the modification time in milliseconds has to do
   */
  public static ContentId of(
      String root, String key, long size, Instant modified, @Nullable String version) {
    if (version != null && !version.startsWith(WEAK)) {
      return new ContentId(root, key, size, version);
    }
    String time = Long.toString(modified.toEpochMilli());
    return new ContentId(root, key, size, version == null ? time : version + ' ' + time);
  }

  /** The key up to its last slash, which is part of it; empty if there is none. */
  public String directory() {
    return key.substring(0, key.lastIndexOf('/') + 1);
  }

  /** The part of the key after its last slash. */
  public String name() {
    return key.substring(key.lastIndexOf('/') + 1);
  }
}
