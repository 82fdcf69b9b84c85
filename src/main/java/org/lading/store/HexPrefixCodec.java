package org.lading.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Encodes texts that mostly begin with lower-case hex digits, as ETags do, and decodes them: the
 * number of pairs of digits at the beginning, each pair as one byte, and the rest as text.
 */
final class HexPrefixCodec {
  // Tables, because a processor cannot predict branches that depend on random digits.
  private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] VALUES = values();

  private HexPrefixCodec() {}

  static void write(String text, RecordOutput out) {
    int pairs = 0;
    while (2 * pairs + 1 < text.length()
        && digit(text.charAt(2 * pairs)) >= 0
        && digit(text.charAt(2 * pairs + 1)) >= 0) {
      pairs++;
    }
    out.writeNumber(pairs);
    for (int i = 0; i < 2 * pairs; i += 2) {
      out.writeByte((digit(text.charAt(i)) << 4) | digit(text.charAt(i + 1)));
    }
    out.writeText(text.substring(2 * pairs));
  }

  static String read(RecordInput in) {
    int pairs = in.readLength();
    byte[] hex = new byte[2 * pairs];
    for (int i = 0; i < hex.length; i += 2) {
      int value = in.readByte();
      hex[i] = DIGITS[value >> 4];
      hex[i + 1] = DIGITS[value & 0xf];
    }
    return new String(hex, StandardCharsets.ISO_8859_1) + in.readText();
  }

  private static int digit(char c) {
    return c < VALUES.length ? VALUES[c] : -1;
  }

  private static byte[] values() {
    byte[] values = new byte['f' + 1];
    Arrays.fill(values, (byte) -1);
    for (int i = 0; i < DIGITS.length; i++) {
      values[DIGITS[i]] = (byte) i;
    }
    return values;
  }
}
