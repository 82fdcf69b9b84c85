package org.lading.root;

import java.nio.charset.StandardCharsets;

/** Percent-encoding of paths as RFC 3986, section 2 has it, upper-case hex digits. */
public final class PercentEncoding {
  private static final String HEX = "0123456789ABCDEF";

  private PercentEncoding() {}

  /** Appends the UTF-8 bytes of a path; unreserved characters and {@code /} stay as they are. */
  public static void appendPath(String path, StringBuilder out) {
    for (int i = 0; i < path.length(); i++) {
      if (!staysInPath(path.charAt(i))) {
        out.append(path, 0, i);
        appendPath(path.substring(i).getBytes(StandardCharsets.UTF_8), out);
        return;
      }
    }
    out.append(path);
  }

  /** Appends the bytes of a path; unreserved characters and {@code /} stay as they are. */
  public static void appendPath(byte[] path, StringBuilder out) {
    for (byte b : path) {
      char c = (char) (b & 0xff);
      if (staysInPath(c)) {
        out.append(c);
      } else {
        appendByte(b, out);
      }
    }
  }

  /** Appends {@code %XX} for one byte. */
  public static void appendByte(byte b, StringBuilder out) {
    out.append('%').append(HEX.charAt((b >> 4) & 0xf)).append(HEX.charAt(b & 0xf));
  }

  private static boolean staysInPath(char c) {
    return c == '/' || isUnreserved(c);
  }

  private static boolean isUnreserved(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '.'
        || c == '_'
        || c == '~';
  }
}
