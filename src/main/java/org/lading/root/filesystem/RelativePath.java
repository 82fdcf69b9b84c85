package org.lading.root.filesystem;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A path below the root that has passed the rules: normalised, no slash at either end. */
final class RelativePath {
  private final byte[] bytes;
  private final String shown;
  private final String key;
  private final boolean directoryForm;

  private RelativePath(byte[] bytes, String shown, String key, boolean directoryForm) {
    this.bytes = bytes;
    this.shown = shown;
    this.key = key;
    this.directoryForm = directoryForm;
  }

  /** What a request asks for; {@code MISSING_OR_INVALID_TARGET} if it breaks a rule. */
  static RelativePath ofRequest(String path) {
    String normal = normalised(path);
    boolean directoryForm =
        normal.isEmpty() || path.endsWith("/") || path.endsWith("/.") || path.equals(".");
    return new RelativePath(
        normal.getBytes(StandardCharsets.UTF_8), normal, normal.replace("%", "%25"), directoryForm);
  }

  /** A key handed out earlier; {@code MISSING_OR_INVALID_TARGET} if it never was one. */
  static RelativePath ofKey(String key) {
    byte[] bytes = unescaped(key);
    String shown = FileNameText.shown(bytes);
    if (!normalised(shown).equals(shown)) {
      throw FilesystemErrors.invalidPath(key);
    }
    return new RelativePath(bytes, shown, key, shown.isEmpty());
  }

  /** The exact bytes. */
  byte[] bytes() {
    return bytes;
  }

  /** For sentences and names; {@code ""} for the root. */
  String shown() {
    return shown;
  }

  /** As {@link org.lading.root.Item#key()} has it. */
  String key() {
    return key;
  }

  /** The last segment as shown. */
  String lastName() {
    return shown.substring(shown.lastIndexOf('/') + 1);
  }

  /** Whether it can only mean a directory: the root, or a slash (or {@code /.}) at the end. */
  boolean isDirectoryForm() {
    return directoryForm;
  }

  /** The exact bytes of each segment. */
  List<byte[]> segments() {
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
      return FileNameText.unescaped(key);
    } catch (IllegalArgumentException e) {
      throw FilesystemErrors.invalidPath(key);
    }
  }

  private static String normalised(String path) {
    if (path.indexOf('\0') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(path)) {
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
