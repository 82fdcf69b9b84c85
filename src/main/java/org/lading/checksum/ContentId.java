package org.lading.checksum;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The id of the bytes of a file or object: as long as it stays the same, their checksum does.
 *
 * @param root the name of the root
 * @param key the key by which the root finds the file, {@code /} between segments
 * @param size the size in bytes
 * @param version distinguishes the content from earlier and later ones of the same key
 */
public record ContentId(String root, String key, long size, String version) {
  private static final String WEAK = "W/";

  /**
   * Returns the id of a content.
   *
   * @param version the root's identifier of this content (S3: the ETag), or null; without one, or
   *     with a weak ETag, the modification time in milliseconds takes its place
   */
  public static ContentId of(
      String root, String key, long size, Instant modified, @Nullable String version) {
    if (version != null && !version.startsWith(WEAK)) {
      return new ContentId(root, key, size, version);
    }
    String time = Long.toString(modified.toEpochMilli());
    return new ContentId(root, key, size, version == null ? time : version + ' ' + time);
  }

  /** Returns the key up to its last slash, which is part of it; empty if there is none. */
  public String directory() {
    return key.substring(0, key.lastIndexOf('/') + 1);
  }

  /** Returns the part of the key after its last slash. */
  public String name() {
    return key.substring(key.lastIndexOf('/') + 1);
  }
}
