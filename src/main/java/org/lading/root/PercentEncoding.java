package org.lading.root;

import java.nio.charset.StandardCharsets;
import org.lading.base.ByteBuilder;

/** Percent-encodes paths by RFC 3986, section 2, with upper-case hex digits. */
public final class PercentEncoding {
  private static final String HEX = "0123456789ABCDEF";
  private static final byte[] HEX_BYTES = HEX.getBytes(StandardCharsets.US_ASCII);
  private static final boolean[] PLAIN_IN_PATH = new boolean[256];

  static {
    String unreserved = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
    (unreserved + "/").chars().forEach(c -> PLAIN_IN_PATH[c] = true);
  }

  private PercentEncoding() {}

  /** Encodes the UTF-8 bytes of a path, except unreserved characters and {@code /}. */
  public static String path(String path) {
    return path(path.getBytes(StandardCharsets.UTF_8));
  }

  /** Encodes the bytes of a path, except unreserved characters and {@code /}. */
  public static String path(byte[] path) {
    ByteBuilder out = new ByteBuilder(path.length + 16);
    appendPath(new ByteBuilder(path.length).append(path), 0, out);
    return out.toString();
  }

  /** Appends the bytes of a path from an index on, encoded as by {@link #path(byte[])}. */
  public static void appendPath(ByteBuilder path, int from, ByteBuilder out) {
    for (int i = from; i < path.length(); i++) {
      byte b = path.at(i);
      if (PLAIN_IN_PATH[b & 0xff]) {
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
