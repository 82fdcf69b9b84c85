package org.lading.store;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import org.lading.base.ByteBuilder;

/**
 * Writes small records into one array of bytes, with a CRC-32 at its end. Numbers are in groups of
 * 7 bits, lowest first; the length in bytes precedes arrays and texts, which are in UTF-8.
 */
final class RecordOutput {
  private final ByteBuilder bytes;

  /** Starts an empty record with an initial capacity in bytes; it grows as needed. */
  RecordOutput(int capacity) {
    bytes = new ByteBuilder(capacity);
  }

  int length() {
    return bytes.length();
  }

  void writeByte(int value) {
    bytes.append(value);
  }

  void writeInt(int value) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      bytes.append(value >>> shift);
    }
  }

  void writeNumber(long number) {
    long rest = number;
    while ((rest & ~0x7fL) != 0) {
      bytes.append((int) rest | 0x80);
      rest >>>= 7;
    }
    bytes.append((int) rest);
  }

  /** Writes a number that may be negative, in few bytes if it is near 0. */
  void writeSigned(long number) {
    writeNumber((number << 1) ^ (number >> 63));
  }

  void writeBytes(byte[] source, int from, int to) {
    writeNumber(to - from);
    bytes.append(source, from, to - from);
  }

  void writeText(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    writeBytes(utf8, 0, utf8.length);
  }

  /** Returns the written bytes, followed by their CRC-32, and empties this output. */
  byte[] finish() {
    CRC32 crc = new CRC32();
    bytes.writeTo(crc);
    writeInt((int) crc.getValue());
    byte[] finished = bytes.toByteArray();
    bytes.truncate(0);
    return finished;
  }
}
