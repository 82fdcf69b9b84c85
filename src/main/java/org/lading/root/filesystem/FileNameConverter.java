package org.lading.root.filesystem;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.StringJoiner;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.lading.base.FileNames;
import org.lading.root.PercentEncoding;

/** Converts file names, which are bytes on disk, to text for display or for keys, and back. */
final class FileNameConverter {
  private static final char SUBSTITUTE = '\ufffd';

  /** Orders names by the UTF-8 of their display text; names that look the same by their bytes. */
  static final Comparator<byte[]> DISPLAY_ORDER =
      Comparator.comparing(FileNameConverter::displayBytes, Arrays::compareUnsigned)
          .thenComparing(Arrays::compareUnsigned);

  private FileNameConverter() {}

  /**
   * Returns the text for people and archives: UTF-8 decoded, malformed bytes as {@code %XX}. A
   * segment that its escapes make longer than a file system holds is shortened, and gets the CRC-32
   * of its whole text, so that names that begin alike stay different.
   */
  static String display(byte[] name) {
    return write(name, false);
  }

  /** Returns the UTF-8 of the display text: the name itself, if it is valid UTF-8. */
  static byte[] displayBytes(byte[] name) {
    return display(name).getBytes(StandardCharsets.UTF_8);
  }

  /** Returns a reversible text: as {@link #display}, with {@code %} itself as {@code %25}. */
  static String escape(byte[] name) {
    return write(name, true);
  }

  /** Reverses {@link #escape}; {@link IllegalArgumentException} if an escape is malformed. */
  static byte[] unescape(String text) {
    int percent = text.indexOf('%');
    if (percent < 0) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(text.length() + 16);
    int done = 0;
    while (percent >= 0) {
      out.writeBytes(text.substring(done, percent).getBytes(StandardCharsets.UTF_8));
      if (percent + 3 > text.length()) {
        throw new IllegalArgumentException("an escape is cut short");
      }
      out.write(hex(text.charAt(percent + 1)) << 4 | hex(text.charAt(percent + 2)));
      done = percent + 3;
      percent = text.indexOf('%', done);
    }
    out.writeBytes(text.substring(done).getBytes(StandardCharsets.UTF_8));
    return out.toByteArray();
  }

  /**
   * Returns what a display text was made of, with U+FFFD for malformed bytes.
   *
   * @param key the whole {@link #escape} of a path, at whose end is what is displayed
   * @return null if there are no malformed bytes, or the key is not one of this text
   */
  static @Nullable String original(String key, String display) {
    byte[] path = unescape(key);
    if (isUtf8(path) || !('/' + display(path)).endsWith('/' + display)) {
      return null;
    }
    String[] segments = new String(path, StandardCharsets.UTF_8).split("/", -1);
    int count = display.split("/", -1).length;
    return String.join(
        "/", Arrays.asList(segments).subList(segments.length - count, segments.length));
  }

  /** Tells whether the bytes are valid UTF-8: no truncated, overlong or surrogate sequence. */
  static boolean isUtf8(byte[] name) {
    return isAscii(name) || isUtf8(name, new String(name, StandardCharsets.UTF_8));
  }

  static boolean isAscii(byte[] name) {
    for (byte b : name) {
      if (b < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isUtf8(byte[] name, String decoded) {
    // A name can also have a U+FFFD of its own.
    return decoded.indexOf(SUBSTITUTE) < 0
        || Arrays.equals(decoded.getBytes(StandardCharsets.UTF_8), name);
  }

  private static String write(byte[] name, boolean escapePercent) {
    String decoded = new String(name, StandardCharsets.UTF_8);
    if (!isUtf8(name, decoded)) {
      return escapePercent ? writeMalformed(name, true) : displayMalformed(name);
    }
    return escapePercent && decoded.indexOf('%') >= 0 ? decoded.replace("%", "%25") : decoded;
  }

  private static String writeMalformed(byte[] name, boolean escapePercent) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(name);
    CharBuffer chars = CharBuffer.allocate(name.length);
    StringBuilder out = new StringBuilder(name.length + 16);
    boolean more = true;
    while (more) {
      CoderResult result = decoder.decode(in, chars, true);
      String valid = chars.flip().toString();
      out.append(escapePercent ? valid.replace("%", "%25") : valid);
      chars.clear();
      more = result.isError();
      for (int i = 0; more && i < result.length(); i++) {
        PercentEncoding.appendByte(in.get(), out);
      }
    }
    return out.toString();
  }

  private static String displayMalformed(byte[] path) {
    StringJoiner segments = new StringJoiner("/");
    int from = 0;
    for (int to = 0; to <= path.length; to++) {
      if (to == path.length || path[to] == '/') {
        segments.add(displaySegment(Arrays.copyOfRange(path, from, to)));
        from = to + 1;
      }
    }
    return segments.toString();
  }

  private static String displaySegment(byte[] name) {
    String decoded = new String(name, StandardCharsets.UTF_8);
    if (isUtf8(name, decoded)) {
      return decoded;
    }
    String text = writeMalformed(name, false);
    boolean fits = FileNames.bytes(text) <= FileNames.MAX_BYTES;
    return fits ? text : FileNames.insert(text, "~" + checksum(text));
  }

  private static String checksum(String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return String.format("%08x", crc.getValue());
  }

  private static int hex(char c) {
    int digit = c < 0x80 ? Character.digit(c, 16) : -1;
    if (digit < 0) {
      throw new IllegalArgumentException("an escape has no hex digits");
    }
    return digit;
  }
}
