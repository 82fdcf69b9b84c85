package org.lading.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.lading.checksum.ContentId;

/** How rows of checksums are found: by a digest of where a content lies, and its name's bytes. */
final class DirectoryKey {
  private static final int BYTES = 16;

  private DirectoryKey() {}

  /** The first 16 bytes of the SHA-256 of the root's name, a NUL, and the directory's path. */
  static byte[] of(ContentId content) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update((content.root() + '\0').getBytes(StandardCharsets.UTF_8));
      digest.update(content.directory().getBytes(StandardCharsets.UTF_8));
      return Arrays.copyOf(digest.digest(), BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The bytes of the name, by which the names of a directory are ordered. */
  static byte[] name(ContentId content) {
    return content.name().getBytes(StandardCharsets.UTF_8);
  }
}
