package org.lading.root;

import java.nio.charset.StandardCharsets;
import org.lading.base.ByteBuilder;

/** Percent-encoding of paths as RFC 3986, section 2 has it, upper-case hex digits. */
public final class PercentEncoding {
  private static final String HEX = "0123456789ABCDEF";
  private static final byte[] HEX_BYTES = HEX.getBytes(StandardCharsets.US_ASCII);
  private static final boolean[] STAYS_IN_PATH = new boolean[256];

  static {
    String unreserved = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
    (unreserved + "/").chars().forEach(c -> STAYS_IN_PATH[c] = true);
  }

  private PercentEncoding() {}

  /** The UTF-8 bytes of a path; unreserved characters and {@code /} stay as they are. */
  public static String path(String path) {
    return path(path.getBytes(StandardCharsets.UTF_8));
  }

  /** The bytes of a path; unreserved characters and {@code /} stay as they are. */
  public static String path(byte[] path) {
    ByteBuilder out = new ByteBuilder(path.length + 16);
    appendPath(new ByteBuilder(path.length).append(path), 0, out);
    return out.toString();
  }

  /** Appends the bytes of a path from a position on, unreserved ones and {@code /} as they are. */
  public static void appendPath(ByteBuilder path, int from, ByteBuilder out) {
    for (int i = from; i < path.length(); i++) {
      byte b = path.at(i);
      if (STAYS_IN_PATH[b & 0xff]) {
        out.append(b);
      } else {
        out.append('%').append(HEX_BYTES[(b >> 4) & 0xf]).append(HEX_BYTES[b & 0xf]);
      }
    }
  }

  /** Appends {@code %XX} for one byte. */
  public static void appendByte(byte b, StringBuilder out) {
    out.append('%').append(HEX.charAt((b >> 4) & 0xf)).append(HEX.charAt(b & 0xf));
  }
}
