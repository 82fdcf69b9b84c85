package org.lading.base;

import java.nio.charset.StandardCharsets;

/**
 * Keeps names that Lading makes longer within what file systems hold: 255 bytes of UTF-8 suffice
 * for ext4, XFS, ZFS and Btrfs, which count bytes, and for NTFS, exFAT and APFS, which count UTF-16
 * units or characters.
 */
public final class FileNames {
  /** The maximum length of a file's name, in bytes of UTF-8. */
  public static final int MAX_BYTES = 255;

  /** The maximum length of an extension that is kept whole, with its dot, in bytes of UTF-8. */
  private static final int MAX_EXTENSION_BYTES = 32;

  private FileNames() {}

  /** Returns the length of a text, in bytes of UTF-8. */
  public static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /**
   * Inserts a text before the extension of a name, which is shortened before it as far as needed,
   * at a whole character, to get at most {@link #MAX_BYTES}.
   *
   * @param name one segment of a path
   */
  public static String insert(String name, String inserted) {
    int dot = name.lastIndexOf('.');
    String extension = dot > 0 ? name.substring(dot) : "";
    if (bytes(extension) > MAX_EXTENSION_BYTES) {
      extension = "";
    }
    String stem = name.substring(0, name.length() - extension.length());
    return append(stem, inserted + extension);
  }

  /** Appends a text to a name, which is shortened as far as needed to get {@link #MAX_BYTES}. */
  public static String append(String name, String suffix) {
    return beginning(name, MAX_BYTES - bytes(suffix)) + suffix;
  }

  /** Returns as many whole characters of a text as fit into a number of bytes of UTF-8. */
  private static String beginning(String text, int maxBytes) {
    if (text.length() <= maxBytes / 3 || bytes(text) <= maxBytes) {
      return text;
    }
    int end = 0;
    int bytes = 0;
    while (end < text.length()) {
      int next = text.offsetByCodePoints(end, 1);
      bytes += bytes(text.substring(end, next));
      if (bytes > maxBytes) {
        break;
      }
      end = next;
    }
    return text.substring(0, end);
  }
}
