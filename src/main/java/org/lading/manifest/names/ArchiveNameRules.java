package org.lading.manifest.names;

import java.nio.charset.StandardCharsets;
import org.lading.base.FileNames;
import org.lading.base.PrintableText;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/**
 * Checks names inside an archive.
 *
 * <p>There are two degrees, between which {@link NamePolicy} decides: a portable name can be
 * unpacked on every system; a safe one does no harm on any, and can be written in a manifest line.
 * A refusal is an {@code INVALID_NAME} that quotes the name.
 */
public final class ArchiveNameRules {
  /** The maximum length of a name in the ZIP format, whose length field has 16 bits. */
  private static final int MAX_NAME_BYTES = 65_535;

  /**
   * The maximum length of a directory that a client chose: half of the 4,096 bytes that Linux takes
   * for a path (PATH_MAX), and Info-ZIP's unzip for a name (FILNAMSIZ). The other half is for the
   * place where the archive is unpacked, and for what lies in the directory.
   */
  private static final int MAX_PATH_BYTES = 2048;

  /**
   * The maximum number of levels of a directory that a client chose. Of unzip, bsdtar, 7-Zip and
   * Python's zipfile, the last one ends first, at 1,000 levels: it makes directories recursively.
   */
  private static final int MAX_PATH_DEPTH = 500;

  private ArchiveNameRules() {}

  /**
   * Checks the form of a directory that a client chose, besides that of its segments, and removes
   * one trailing slash.
   */
  static String requireRelative(String field, String path) {
    String plain = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    if (path.startsWith("/")) {
      throw invalid(field, path, "is absolute");
    }
    if (isLonger(plain, MAX_PATH_BYTES)) {
      throw invalid(field, path, "is longer than " + MAX_PATH_BYTES + " bytes");
    }
    if (plain.chars().filter(c -> c == '/').count() >= MAX_PATH_DEPTH) {
      throw invalid(field, path, "is more than " + MAX_PATH_DEPTH + " levels deep");
    }
    return plain;
  }

  /** Checks the actual name of a file, of one or more segments. */
  public static String requireSafe(String name) {
    int from = 0;
    while (from <= name.length()) {
      int slash = name.indexOf('/', from);
      int to = slash < 0 ? name.length() : slash;
      requireSafeSegment("name", name, name.substring(from, to));
      from = to + 1;
    }
    return name;
  }

  /** Checks a whole name, after its parts were joined. */
  static String requireWritable(String name) {
    if (name.charAt(0) == ' ') {
      throw invalid("name", name, "begins with a space, which a manifest line cannot say");
    }
    if (name.length() > 1 && name.charAt(1) == ':' && isAsciiLetter(name.charAt(0))) {
      throw invalid("name", name, "begins like a drive letter");
    }
    if (isLonger(name, MAX_NAME_BYTES - 1)) {
      throw invalid("name", name, "is longer than a ZIP archive can hold");
    }
    return name;
  }

  /** Joins two paths with a slash; either may be empty. */
  public static String join(String directory, String name) {
    if (directory.isEmpty()) {
      return name;
    }
    return name.isEmpty() ? directory : directory + '/' + name;
  }

  /** Checks that a segment is the name of something, and not a way to something else. */
  static void requireRealSegment(String field, String whole, String segment) {
    if (segment.isEmpty()) {
      throw invalid(field, whole, "has an empty part");
    }
    if (segment.equals(".") || segment.equals("..")) {
      throw invalid(field, whole, "has a part " + segment);
    }
  }

  static void requireSafeSegment(String field, String whole, String segment) {
    requireRealSegment(field, whole, segment);
    for (int i = 0; i < segment.length(); i++) {
      char c = segment.charAt(i);
      if (Character.isISOControl(c)) {
        throw invalid(field, whole, "has a control character");
      }
      if (c == '\\') {
        throw invalid(field, whole, "has a backslash, which some unzippers take for a separator");
      }
    }
  }

  static void requirePortableSegment(String field, String whole, String segment) {
    for (int i = 0; i < segment.length(); i++) {
      if (PortableNames.REFUSED.indexOf(segment.charAt(i)) >= 0) {
        throw invalid(field, whole, "has " + segment.charAt(i) + ", which Windows cannot unpack");
      }
    }
    char last = segment.charAt(segment.length() - 1);
    if (last == '.' || last == ' ' || segment.charAt(0) == ' ') {
      throw invalid(field, whole, "has a part that begins with a space or ends in a space or dot");
    }
    if (PortableNames.isDevice(segment)) {
      throw invalid(field, whole, "is the name of a device on Windows");
    }
    if (isLonger(segment, FileNames.MAX_BYTES)) {
      throw invalid(field, whole, "has a part of more than " + FileNames.MAX_BYTES + " bytes");
    }
  }

  /** Returns whether a text has more than a number of bytes as UTF-8: at most 3 for each char. */
  public static boolean isLonger(String text, int bytes) {
    return text.length() > bytes
        || (text.length() > bytes / 3 && text.getBytes(StandardCharsets.UTF_8).length > bytes);
  }

  private static boolean isAsciiLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  static LadingException invalid(String field, String name, String fault) {
    return new LadingException(
        ErrorCode.INVALID_NAME, "The " + field + " '" + PrintableText.of(name) + "' " + fault);
  }
}
