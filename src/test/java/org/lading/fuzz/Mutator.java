package org.lading.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Changes well-formed input a little: bytes, pieces of other input, and what parsers dislike. */
final class Mutator {
  private static final int MAX_CHANGES = 4;
  private static final int MAX_REPEATS = 2000;

  private static final List<String> DISLIKED =
      List.of(
          "",
          "\0",
          "\r\n",
          "\n",
          "\t",
          "\"",
          "'",
          "\\",
          "/",
          "//",
          "..",
          "/../",
          "%",
          "%00",
          "%2e%2e%2f",
          "%zz",
          "%c0%af",
          "\\u0000",
          "\\ud800",
          "\\udc00\\ud800",
          "\ud83d\udea2",
          "\ufeff",
          "\u202e",
          "-1",
          "0",
          "1e999",
          "-0.0",
          "9223372036854775807",
          "9223372036854775808",
          "4294967295",
          "null",
          "true",
          "NaN",
          "{",
          "}",
          "[",
          "]",
          "[[[[[[[[",
          "{\"a\":",
          ",",
          ":",
          "-",
          "*",
          "&a",
          "*a",
          "!!java.lang.Object",
          "<<:",
          "<",
          ">",
          "&amp;",
          "&#0;",
          "&x;",
          "<![CDATA[",
          "]]>",
          "<!DOCTYPE a [<!ENTITY x 'y'>]>",
          "bytes=",
          "0-0,",
          "W/\"",
          ";",
          "#",
          "?",
          "~",
          "${",
          "}",
          "C:",
          "con",
          " ");

  private final Random random;

  Mutator(Random random) {
    this.random = random;
  }

  /** Returns an input with a few changes; {@code others} gives pieces that may be put into it. */
  byte[] mutate(byte[] input, List<byte[]> others) {
    byte[] changed = input;
    for (int change = random.nextInt(MAX_CHANGES); change >= 0; change--) {
      changed = change(changed, others);
    }
    return changed;
  }

  /** Returns a text with a few changes, in ISO 8859-1 as a request line or header has it. */
  String mutate(String input, List<String> others) {
    List<byte[]> pieces =
        others.stream().map(other -> other.getBytes(StandardCharsets.UTF_8)).toList();
    byte[] changed = mutate(input.getBytes(StandardCharsets.UTF_8), pieces);
    return new String(changed, StandardCharsets.ISO_8859_1);
  }

  private byte[] change(byte[] input, List<byte[]> others) {
    int from = random.nextInt(input.length + 1);
    int to = from + random.nextInt(Math.min(input.length - from, 40) + 1);
    return switch (random.nextInt(6)) {
      case 0 -> splice(input, from, from, oneByte());
      case 1 -> splice(input, from, Math.min(from + 1, input.length), oneByte());
      case 2 -> splice(input, from, to, new byte[0]);
      case 3 -> splice(input, from, from, repeated(Arrays.copyOfRange(input, from, to)));
      case 4 -> splice(input, from, to, piece(others));
      default -> splice(input, from, random.nextBoolean() ? from : to, disliked());
    };
  }

  private byte[] oneByte() {
    return new byte[] {(byte) random.nextInt(256)};
  }

  private byte[] repeated(byte[] piece) {
    int times = random.nextInt(10) == 0 ? random.nextInt(MAX_REPEATS) : random.nextInt(4);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < times; i++) {
      out.writeBytes(piece);
    }
    return out.toByteArray();
  }

  private byte[] piece(List<byte[]> others) {
    byte[] other = others.get(random.nextInt(others.size()));
    int from = random.nextInt(other.length + 1);
    return Arrays.copyOfRange(other, from, from + random.nextInt(other.length - from + 1));
  }

  private byte[] disliked() {
    return DISLIKED.get(random.nextInt(DISLIKED.size())).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] splice(byte[] input, int from, int to, byte[] replacement) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(input.length + replacement.length);
    out.write(input, 0, from);
    out.writeBytes(replacement);
    out.write(input, to, input.length - to);
    return out.toByteArray();
  }
}
