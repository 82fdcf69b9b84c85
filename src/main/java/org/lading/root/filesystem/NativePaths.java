package org.lading.root.filesystem;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.lading.root.PercentEncoding;

/**
 * Converts file names between bytes and {@link Path}.
 *
 * <p>In a service started without a UTF-8 locale, a {@code Path} still holds the exact bytes, but
 * its text form has lost them, and text that is not ASCII cannot become a {@code Path} at all. The
 * URI form of a path carries raw bytes whatever the locale. It is slower and makes a system call,
 * to find out whether the path is a directory, so it is used only where text fails.
 */
final class NativePaths {
  private static final Path SLASH = Path.of("/");
  private static final Path EMPTY = Path.of("");
  private static final boolean IS_ASCII_EXACT = isUtf8InPaths(asciiNames());
  private static final boolean IS_TEXT_UTF8 =
      IS_ASCII_EXACT && isUtf8InPaths("\u00e9\u20ac\ud83d\ude00");

  private NativePaths() {}

  /** Returns the exact bytes of the last segment of an absolute path. */
  static byte[] lastName(Path path) {
    Path last = path.getFileName();
    if (last == null) {
      return new byte[0];
    }
    byte[] exact = exactBytes(last.toString());
    if (exact != null) {
      return exact;
    }
    byte[] whole = bytes(path);
    int start = whole.length;
    while (whole[start - 1] != '/') {
      start--;
    }
    return Arrays.copyOfRange(whole, start, whole.length);
  }

  /** Returns the path below a directory whose segments are these bytes, no slash at either end. */
  static Path resolve(Path directory, byte[] relative) {
    if (IS_ASCII_EXACT && FileNameConverter.isAscii(relative)) {
      return directory.resolve(new String(relative, StandardCharsets.ISO_8859_1));
    }
    if (IS_TEXT_UTF8 && FileNameConverter.isUtf8(relative)) {
      return directory.resolve(new String(relative, StandardCharsets.UTF_8));
    }
    return directory.resolve(SLASH.relativize(fromBytes(relative)));
  }

  /** Returns the relative path that has these bytes. */
  static Path relative(byte[] bytes) {
    return resolve(EMPTY, bytes);
  }

  /** Returns the exact bytes of an absolute path. */
  static byte[] bytes(Path path) {
    byte[] exact = exactBytes(path.toString());
    if (exact != null) {
      return exact;
    }
    String raw = path.toUri().getRawPath();
    boolean isDirectory = raw.length() > 1 && raw.endsWith("/");
    return FileNameConverter.unescape(raw.substring(0, raw.length() - (isDirectory ? 1 : 0)));
  }

  /** Returns the exact bytes of the part of an absolute path that is below a directory. */
  static byte[] bytesBelow(Path directory, Path path) {
    byte[] whole = bytes(path);
    int start = bytes(directory).length;
    if (start < whole.length && whole[start] == '/') {
      start++;
    }
    return Arrays.copyOfRange(whole, start, whole.length);
  }

  /** Returns the bytes of a path or name by its text, or null where that may have lost them. */
  private static byte @Nullable [] exactBytes(String text) {
    if (IS_ASCII_EXACT && isAscii(text)) {
      return text.getBytes(StandardCharsets.ISO_8859_1);
    }
    return IS_TEXT_UTF8 && text.indexOf('\ufffd') < 0
        ? text.getBytes(StandardCharsets.UTF_8)
        : null;
  }

  private static Path fromBytes(byte[] relative) {
    return Path.of(URI.create("file:///" + PercentEncoding.path(relative)));
  }

  /** Tells whether these characters stand for their UTF-8 bytes in the text of a {@code Path}. */
  private static boolean isUtf8InPaths(String name) {
    Path exact = fromBytes(name.getBytes(StandardCharsets.UTF_8));
    return ("/" + name).equals(exact.toString()) && canBeMade(name, exact);
  }

  private static boolean canBeMade(String name, Path exact) {
    try {
      return SLASH.resolve(name).equals(exact);
    } catch (InvalidPathException unmappable) {
      return false;
    }
  }

  private static String asciiNames() {
    StringBuilder all = new StringBuilder();
    for (char c = 1; c < 0x80; c++) {
      if (c != '/') {
        all.append(c);
      }
    }
    return all.toString();
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }
}
