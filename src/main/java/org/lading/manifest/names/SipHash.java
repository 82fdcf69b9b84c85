package org.lading.manifest.names;

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

  /** Takes the parents of a path. */
  @FunctionalInterface
  interface ParentSink {
    /**
     * Takes the parent that ends before the slash at an index, with its hash; false if it is to be
     * the last one.
     */
    boolean accept(int end, long hash);
  }

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
    begin();
    int at = absorb(text, 0, text.length());
    return end(text, at, text.length());
  }

  /**
   * Hands over the hashes of the parts of a text that end before a slash, from an index on, in one
   * pass over the text: a path of a thousand levels is read once, not once for each level.
   *
   * @return the index of the slash after the part that the sink did not take, or -1
   */
  int ofParents(String path, int from, ParentSink sink) {
    begin();
    int at = 0;
    for (int end = path.indexOf('/', from); end >= 0; end = path.indexOf('/', end + 1)) {
      at = absorb(path, at, end);
      long s0 = v0;
      long s1 = v1;
      long s2 = v2;
      long s3 = v3;
      if (!sink.accept(end, end(path, at, end))) {
        return end;
      }
      v0 = s0;
      v1 = s1;
      v2 = s2;
      v3 = s3;
    }
    return -1;
  }

  private void begin() {
    v0 = key0 ^ 0x736f6d6570736575L;
    v1 = key1 ^ 0x646f72616e646f6dL;
    v2 = key0 ^ 0x6c7967656e657261L;
    v3 = key1 ^ 0x7465646279746573L;
  }

  /** Takes all whole words before an end, and returns the index after them. */
  private int absorb(String text, int from, int end) {
    int at = from;
    for (; at + CHARS_PER_WORD <= end; at += CHARS_PER_WORD) {
      compress(word(text, at, CHARS_PER_WORD));
    }
    return at;
  }

  /** Takes the last word, which has the length of the text up to its end, and returns the hash. */
  private long end(String text, int at, int end) {
    compress(((long) end * 2) << 56 | word(text, at, end - at));
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
