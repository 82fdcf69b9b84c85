package org.lading.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import org.lading.base.ByteBuilder;

/**
 * Reads what a {@link RecordOutput} has written. Throws {@link IllegalStateException} if the bytes
 * end too early or are damaged.
 */
final class RecordInput {
  private final byte[] bytes;
  private final int end;
  private int position;

  /**
   * Makes an input that begins at a position of the bytes that {@link RecordOutput#finish}
   * returned.
   */
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

  /** Reads a count, which is at most the given one. */
  int readCount(int most) {
    long count = readNumber();
    if (count < 0 || count > most) {
      throw damaged();
    }
    return (int) count;
  }

  /** Reads the number of the bytes that follow, for {@link #copyTo}. */
  int readLength() {
    return readCount(end - position);
  }

  /** Appends the next {@code count} bytes to a builder. */
  void copyTo(ByteBuilder target, int count) {
    target.append(bytes, position, count);
    position += count;
  }

  String readText() {
    int length = readLength();
    String text = new String(bytes, position, length, StandardCharsets.UTF_8);
    position += length;
    return text;
  }
}
