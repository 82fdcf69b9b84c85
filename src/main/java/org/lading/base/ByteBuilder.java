package org.lading.base;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.zip.Checksum;
import javax.crypto.Mac;

/**
 * A growing array of bytes, most of them text in UTF-8; for one thread. Manifests of millions of
 * lines go through it, so appending allocates nothing but the array.
 */
public final class ByteBuilder {
  private static final int MAX_UTF8_BYTES_PER_CHAR = 3;
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private byte[] bytes;
  private int length;

  /** Makes an empty builder with room for {@code capacity} bytes; it grows as needed. */
  public ByteBuilder(int capacity) {
    bytes = new byte[capacity];
  }

  /** Returns the number of bytes. */
  public int length() {
    return length;
  }

  /** Drops all bytes from index {@code newLength} on; that is at most {@link #length}. */
  public void truncate(int newLength) {
    if (newLength < 0 || newLength > length) {
      throw new IndexOutOfBoundsException(newLength);
    }
    length = newLength;
  }

  /** Returns the byte at an index. */
  public byte at(int index) {
    return bytes[index];
  }

  /** Appends the low eight bits of a number. */
  public ByteBuilder append(int b) {
    if (length == bytes.length) {
      grow(1);
    }
    bytes[length++] = (byte) b;
    return this;
  }

  /** Appends an array. */
  public ByteBuilder append(byte[] source) {
    return append(source, 0, source.length);
  }

  /** Appends the bytes of another builder from an index on. */
  public ByteBuilder append(ByteBuilder other, int from) {
    return append(other.bytes, from, other.length - from);
  }

  /** Appends some of these bytes. */
  public ByteBuilder append(byte[] source, int from, int count) {
    if (count > bytes.length - length) {
      grow(count);
    }
    System.arraycopy(source, from, bytes, length, count);
    length += count;
    return this;
  }

  /** Appends a text in UTF-8; a lone surrogate becomes {@code ?}, as everywhere in Java. */
  public ByteBuilder append(String text) {
    int chars = text.length();
    if (chars > (bytes.length - length) / MAX_UTF8_BYTES_PER_CHAR) {
      grow(Math.multiplyExact(chars, MAX_UTF8_BYTES_PER_CHAR));
    }
    int end = length;
    for (int i = 0; i < chars; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        length = end;
        appendBeyondAscii(text, i);
        return this;
      }
      bytes[end++] = (byte) c;
    }
    length = end;
    return this;
  }

  /** Appends the text from a char on; the array has room for it. */
  private void appendBeyondAscii(String text, int from) {
    int end = length;
    int i = from;
    while (i < text.length()) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (c < 0x80) {
        bytes[end++] = (byte) c;
      } else if (c < 0x800) {
        bytes[end++] = (byte) (0xc0 | (c >> 6));
        bytes[end++] = continuation(c);
      } else if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
        bytes[end++] = '?';
      } else if (c < 0x10000) {
        bytes[end++] = (byte) (0xe0 | (c >> 12));
        bytes[end++] = continuation(c >> 6);
        bytes[end++] = continuation(c);
      } else {
        bytes[end++] = (byte) (0xf0 | (c >> 18));
        bytes[end++] = continuation(c >> 12);
        bytes[end++] = continuation(c >> 6);
        bytes[end++] = continuation(c);
      }
    }
    length = end;
  }

  private static byte continuation(int sixBits) {
    return (byte) (0x80 | (sixBits & 0x3f));
  }

  /** Appends a number that is not negative in decimal digits. */
  public ByteBuilder appendDecimal(long number) {
    if (number < 0) {
      throw new IllegalArgumentException("negative: " + number);
    }
    int digits = 1;
    for (long rest = number / 10; rest > 0; rest /= 10) {
      digits++;
    }
    if (digits > bytes.length - length) {
      grow(digits);
    }
    long rest = number;
    for (int i = length + digits - 1; i >= length; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
    return this;
  }

  /** Appends the eight bytes of a number, the highest first. */
  public ByteBuilder appendLong(long number) {
    for (int shift = 56; shift >= 0; shift -= 8) {
      append((int) (number >> shift));
    }
    return this;
  }

  /** Appends the low 32 bits of a number as eight hex digits in lower case. */
  public ByteBuilder appendHex(long number) {
    for (int shift = 28; shift >= 0; shift -= 4) {
      append(HEX[(int) (number >> shift) & 0xf]);
    }
    return this;
  }

  /** Appends two hex digits in lower case for each byte. */
  public ByteBuilder appendHex(byte[] source) {
    for (byte b : source) {
      append(HEX[(b >> 4) & 0xf]).append(HEX[b & 0xf]);
    }
    return this;
  }

  /** Writes all bytes to a stream. */
  public void writeTo(OutputStream out) throws IOException {
    out.write(bytes, 0, length);
  }

  /** Feeds all bytes to a hash. */
  public void writeTo(MessageDigest hash) {
    hash.update(bytes, 0, length);
  }

  /** Feeds all bytes to a checksum. */
  public void writeTo(Checksum checksum) {
    checksum.update(bytes, 0, length);
  }

  /** Feeds all bytes to a MAC that has its key. */
  public void writeTo(Mac mac) {
    mac.update(bytes, 0, length);
  }

  /** Copies all bytes. */
  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }

  /** Decodes all bytes as UTF-8. */
  @Override
  public String toString() {
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  private void grow(int more) {
    bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, more), bytes.length * 2));
  }
}
