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
import org.lading.root.PercentEncoding;

/** The two ways in which a file name, which is bytes on disk, is written as Unicode text. */
final class FileNameText {
  private static final char SUBSTITUTE = '\ufffd';

  /** By the UTF-8 of what they are shown as; those that look the same by their bytes. */
  static final Comparator<byte[]> SHOWN_ORDER =
      Comparator.comparing(FileNameText::shownBytes, Arrays::compareUnsigned)
          .thenComparing(Arrays::compareUnsigned);

  private FileNameText() {}

  /** For people and archives: UTF-8 decoded, every malformed byte as {@code %XX}. */
  static String shown(byte[] name) {
    return write(name, false);
  }

  /** The UTF-8 of what a name is shown as: the name itself, if it is UTF-8. */
  static byte[] shownBytes(byte[] name) {
    return shown(name).getBytes(StandardCharsets.UTF_8);
  }

  /** Reversible: as {@link #shown}, and {@code %} itself as {@code %25}. */
  static String escaped(byte[] name) {
    return write(name, true);
  }

  /** The bytes of an escaped text; {@link IllegalArgumentException} if an escape is broken. */
  static byte[] unescaped(String text) {
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

  /** Whether the bytes are what UTF-8 can be: no truncated, overlong or surrogate sequence. */
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
    // U+FFFD can also be there in its own right.
    return decoded.indexOf(SUBSTITUTE) < 0
        || Arrays.equals(decoded.getBytes(StandardCharsets.UTF_8), name);
  }

  private static String write(byte[] name, boolean escapePercent) {
    String decoded = new String(name, StandardCharsets.UTF_8);
    if (!isUtf8(name, decoded)) {
      return writeMalformed(name, escapePercent);
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

  private static int hex(char c) {
    int digit = c < 0x80 ? Character.digit(c, 16) : -1;
    if (digit < 0) {
      throw new IllegalArgumentException("an escape has no hex digits");
    }
    return digit;
  }
}
