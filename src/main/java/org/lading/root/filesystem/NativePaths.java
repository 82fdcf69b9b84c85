package org.lading.root.filesystem;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
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
    String text = last.toString();
    if (IS_ASCII_EXACT && isAscii(text)) {
      return text.getBytes(StandardCharsets.ISO_8859_1);
    }
    if (IS_TEXT_UTF8 && text.indexOf('\ufffd') < 0) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    String raw = path.toUri().getRawPath();
    int end = raw.endsWith("/") ? raw.length() - 1 : raw.length();
    return FileNameConverter.unescape(raw.substring(raw.lastIndexOf('/', end - 1) + 1, end));
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
    byte[] below = bytesBelow(SLASH, path);
    byte[] bytes = new byte[below.length + 1];
    bytes[0] = '/';
    System.arraycopy(below, 0, bytes, 1, below.length);
    return bytes;
  }

  /** Returns the exact bytes of the part of a path that is below a directory. */
  static byte[] bytesBelow(Path directory, Path path) {
    Deque<byte[]> names = new ArrayDeque<>();
    for (Path at = path; at != null && !at.equals(directory); at = at.getParent()) {
      names.push(lastName(at));
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] name : names) {
      if (bytes.size() > 0) {
        bytes.write('/');
      }
      bytes.writeBytes(name);
    }
    return bytes.toByteArray();
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
