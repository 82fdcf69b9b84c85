package org.lading.store;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * Reads what a {@link RecordOutput} has written. Where the bytes end too early, or cannot be what
 * was written, {@link IllegalStateException} is thrown.
 */
final class RecordInput {
  private final byte[] bytes;
  private final int end;
  private int position;

  /** The bytes between two positions, of which the last four are the CRC-32 of those before. */
  RecordInput(byte[] bytes, int from) {
    this.bytes = bytes;
    this.position = from;
    this.end = bytes.length - Integer.BYTES;
    if (end < from) {
      throw damaged();
    }
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, end);
    if ((int) crc.getValue() != ByteBuffer.wrap(bytes).getInt(end)) {
      throw damaged();
    }
  }

  static IllegalStateException damaged() {
    return new IllegalStateException("damaged stored records");
  }

  int readByte() {
    if (position == end) {
      throw damaged();
    }
    return bytes[position++] & 0xff;
  }

  int readInt() {
    int value = 0;
    for (int i = 0; i < Integer.BYTES; i++) {
      value = (value << 8) | readByte();
    }
    return value;
  }

  long readNumber() {
    int first = readByte();
    return first < 0x80 ? first : readLongNumber(first);
  }

  private long readLongNumber(int first) {
    long number = first & 0x7f;
    for (int shift = 7; ; shift += 7) {
      int group = readByte();
      number |= (long) (group & 0x7f) << shift;
      if (group < 0x80) {
        return number;
      }
    }
  }

  long readSigned() {
    long number = readNumber();
    return (number >>> 1) ^ -(number & 1);
  }

  /** A number of bytes, of which there are so many at most. */
  int readCount(int most) {
    long count = readNumber();
    if (count < 0 || count > most) {
      throw damaged();
    }
    return (int) count;
  }

  /** The number of bytes that follow as {@link #copy} takes them. */
  int readLength() {
    return readCount(end - position);
  }

  /** Copies the next bytes, as many as {@link #readLength} said. */
  void copy(int count, byte[] target, int at) {
    System.arraycopy(bytes, position, target, at, count);
    position += count;
  }
}
