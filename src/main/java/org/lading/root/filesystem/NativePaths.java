package org.lading.root.filesystem;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.lading.root.PercentEncoding;

/**
 * Names as bytes to and from {@link Path}.
 *
 * <p>In a service started without a UTF-8 locale, a {@code Path} still holds the exact bytes, but
 * its text form has lost them, and text that is not ASCII cannot become a {@code Path} at all. The
 * URI form of a path carries raw bytes whatever the locale. It is slower and asks the disk whether
 * the path is a directory, so it is used only where text would not do.
 */
final class NativePaths {
  private static final Path SLASH = Path.of("/");
  private static final boolean ASCII_IS_ASCII = survives(asciiNames());
  private static final boolean TEXT_IS_UTF8 =
      ASCII_IS_ASCII && survives("\u00e9\u20ac\ud83d\ude00");

  private NativePaths() {}

  /** The exact bytes of the last segment of an absolute path. */
  static byte[] lastName(Path path) {
    Path last = path.getFileName();
    if (last == null) {
      return new byte[0];
    }
    String text = last.toString();
    if (ASCII_IS_ASCII && isAscii(text)) {
      return text.getBytes(StandardCharsets.ISO_8859_1);
    }
    if (TEXT_IS_UTF8 && text.indexOf('\ufffd') < 0) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    String raw = path.toUri().getRawPath();
    int end = raw.endsWith("/") ? raw.length() - 1 : raw.length();
    return FileNameText.unescaped(raw.substring(raw.lastIndexOf('/', end - 1) + 1, end));
  }

  /** The path below a directory whose segments are these bytes; no slash at either end. */
  static Path resolve(Path directory, byte[] relative) {
    if (ASCII_IS_ASCII && FileNameText.isAscii(relative)) {
      return directory.resolve(new String(relative, StandardCharsets.ISO_8859_1));
    }
    if (TEXT_IS_UTF8 && FileNameText.isUtf8(relative)) {
      return directory.resolve(new String(relative, StandardCharsets.UTF_8));
    }
    return directory.resolve(SLASH.relativize(fromBytes(relative)));
  }

  /**
   * The name from a position on in a key, as a relative path, if it means itself and is no step in
   * a path. Null for any other, which {@link RelativePath} may still take.
   */
  static @Nullable Path plainName(String key, int from) {
    String name = key.substring(from);
    if (!ASCII_IS_ASCII || name.isEmpty() || name.equals(".") || name.equals("..")) {
      return null;
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean plain = c < 0x80 || (TEXT_IS_UTF8 && !Character.isSurrogate(c));
      if (!plain || c == 0 || c == '%' || c == '/') {
        return null;
      }
    }
    return Path.of(name);
  }

  private static Path fromBytes(byte[] relative) {
    return Path.of(URI.create("file:///" + PercentEncoding.path(relative)));
  }

  /** Whether a name of these characters means its UTF-8 bytes when a path is made or shown. */
  private static boolean survives(String name) {
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
