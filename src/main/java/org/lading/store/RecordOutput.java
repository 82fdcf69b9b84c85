package org.lading.store;

import java.util.Arrays;
import java.util.zip.CRC32;

/** Bytes of small records, put one behind another; numbers as in {@link Packed}. */
final class RecordOutput {
  private static final int LONGEST_NUMBER = 10;

  private byte[] bytes;
  private int length;

  /** Empty, with room for so many bytes; grows as needed. */
  RecordOutput(int capacity) {
    bytes = new byte[capacity];
  }

  int length() {
    return length;
  }

  void clear() {
    length = 0;
  }

  void writeByte(int value) {
    makeRoom(1);
    bytes[length++] = (byte) value;
  }

  void writeInt(int value) {
    makeRoom(Integer.BYTES);
    for (int shift = 24; shift >= 0; shift -= 8) {
      bytes[length++] = (byte) (value >>> shift);
    }
  }

  void writeNumber(long number) {
    makeRoom(LONGEST_NUMBER);
    long rest = number;
    while ((rest & ~0x7fL) != 0) {
      bytes[length++] = (byte) ((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
  }

  /** A number that may well be negative, but mostly is near to 0. */
  void writeSigned(long number) {
    writeNumber((number << 1) ^ (number >> 63));
  }

  /** Bytes behind their number. */
  void writeBytes(byte[] source, int from, int to) {
    writeNumber(to - from);
    makeRoom(to - from);
    System.arraycopy(source, from, bytes, length, to - from);
    length += to - from;
  }

  /** The CRC-32 of all bytes. */
  int crc32() {
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }

  private void makeRoom(int more) {
    if (more > bytes.length - length) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, more), bytes.length * 2));
    }
  }
}
