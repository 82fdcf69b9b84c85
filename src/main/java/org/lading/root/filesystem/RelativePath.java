package org.lading.root.filesystem;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lading.base.UnicodeCheck;

/** A valid path below the root: normalised, without a slash at either end. */
final class RelativePath {
  private final byte[] bytes;
  private final String display;
  private final String key;
  private final boolean directoryForm;

  private RelativePath(byte[] bytes, String display, String key, boolean directoryForm) {
    this.bytes = bytes;
    this.display = display;
    this.key = key;
    this.directoryForm = directoryForm;
  }

  /** Parses the path of a request; {@code MISSING_OR_INVALID_TARGET} if it breaks a rule. */
  static RelativePath ofRequest(String path) {
    String normal = normalised(path);
    boolean directoryForm =
        normal.isEmpty() || path.endsWith("/") || path.endsWith("/.") || path.equals(".");
    return new RelativePath(
        normal.getBytes(StandardCharsets.UTF_8), normal, normal.replace("%", "%25"), directoryForm);
  }

  /** Parses a key; {@code MISSING_OR_INVALID_TARGET} if no item can have it. */
  static RelativePath ofKey(String key) {
    byte[] bytes = unescaped(key);
    String display = FileNameConverter.display(bytes);
    if (!normalised(display).equals(display)) {
      throw FilesystemErrors.invalidPath(key);
    }
    return new RelativePath(bytes, display, key, display.isEmpty());
  }

  /** Returns the exact bytes. */
  byte[] bytes() {
    return bytes;
  }

  /** Returns the text for sentences and item names; {@code ""} for the root. */
  String display() {
    return display;
  }

  /** Returns the {@link org.lading.root.Item#key()}. */
  String key() {
    return key;
  }

  /** Returns the last segment of {@link #display}. */
  String lastName() {
    return display.substring(display.lastIndexOf('/') + 1);
  }

  /**
   * Tells whether it can only mean a directory: the root, or a slash (or {@code /.}) at the end.
   */
  boolean isDirectoryForm() {
    return directoryForm;
  }

  /**
   * Returns the bytes of the last segment of a key, or null where a valid key cannot be told from
   * an invalid one so easily; {@link #ofKey} handles those.
   */
  static byte @Nullable [] lastSegment(String key, int from) {
    String name = key.substring(from);
    if (name.isEmpty() || name.equals(".") || name.equals("..")) {
      return null;
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == 0 || c == '%' || c == '/' || Character.isSurrogate(c)) {
        return null;
      }
    }
    return name.getBytes(StandardCharsets.UTF_8);
  }

  /** Returns the bytes of each segment of a path. */
  static List<byte[]> segments(byte[] bytes) {
    List<byte[]> segments = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= bytes.length; i++) {
      if (i == bytes.length || bytes[i] == '/') {
        if (i > start) {
          segments.add(Arrays.copyOfRange(bytes, start, i));
        }
        start = i + 1;
      }
    }
    return segments;
  }

  private static byte[] unescaped(String key) {
    try {
      return FileNameConverter.unescape(key);
    } catch (IllegalArgumentException e) {
      throw FilesystemErrors.invalidPath(key);
    }
  }

  private static String normalised(String path) {
    if (path.indexOf('\0') >= 0 || !UnicodeCheck.isValid(path)) {
      throw FilesystemErrors.invalidPath(path);
    }
    StringBuilder normal = new StringBuilder(path.length());
    for (int start = 0; start <= path.length(); ) {
      int slash = path.indexOf('/', start);
      int end = slash < 0 ? path.length() : slash;
      String segment = path.substring(start, end);
      if (segment.equals("..")) {
        throw FilesystemErrors.invalidPath(path);
      }
      if (!segment.isEmpty() && !segment.equals(".")) {
        normal.append(normal.length() == 0 ? "" : "/").append(segment);
      }
      start = end + 1;
    }
    return normal.toString();
  }
}
