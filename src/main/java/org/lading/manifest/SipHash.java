package org.lading.manifest;

import java.security.SecureRandom;

/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012) of texts as UTF-16, little endian. Without the key,
 * two texts with the same hash cannot be constructed.
 */
final class SipHash {
  private static final int CHARS_PER_WORD = 4;

  private final long key0;
  private final long key1;
  private long v0;
  private long v1;
  private long v2;
  private long v3;

  /** Makes a hash function with a random key; for one thread. */
  SipHash(SecureRandom random) {
    this(random.nextLong(), random.nextLong());
  }

  SipHash(long key0, long key1) {
    this.key0 = key0;
    this.key1 = key1;
  }

  /** Returns the hash of a text. */
  long of(String text) {
    v0 = key0 ^ 0x736f6d6570736575L;
    v1 = key1 ^ 0x646f72616e646f6dL;
    v2 = key0 ^ 0x6c7967656e657261L;
    v3 = key1 ^ 0x7465646279746573L;
    int length = text.length();
    int at = 0;
    for (; at + CHARS_PER_WORD <= length; at += CHARS_PER_WORD) {
      compress(word(text, at, CHARS_PER_WORD));
    }
    compress(((long) length * 2) << 56 | word(text, at, length - at));
    v2 ^= 0xff;
    round();
    round();
    round();
    round();
    return v0 ^ v1 ^ v2 ^ v3;
  }

  private static long word(String text, int from, int count) {
    long word = 0;
    for (int i = 0; i < count; i++) {
      word |= (long) text.charAt(from + i) << (i * 16);
    }
    return word;
  }

  private void compress(long word) {
    v3 ^= word;
    round();
    round();
    v0 ^= word;
  }

  private void round() {
    v0 += v1;
    v1 = Long.rotateLeft(v1, 13) ^ v0;
    v0 = Long.rotateLeft(v0, 32);
    v2 += v3;
    v3 = Long.rotateLeft(v3, 16) ^ v2;
    v0 += v3;
    v3 = Long.rotateLeft(v3, 21) ^ v0;
    v2 += v1;
    v1 = Long.rotateLeft(v1, 17) ^ v2;
    v2 = Long.rotateLeft(v2, 32);
  }
}
