package org.lading.backup;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.lading.base.Digests;

/** A set of names that takes 8 bytes for each: a backup may have millions of links. */
final class KnownNames {
  private final long[] sorted;

  private KnownNames(long[] sorted) {
    this.sorted = sorted;
  }

  boolean contains(String name) {
    return Arrays.binarySearch(sorted, hash(name)) >= 0;
  }

  private static long hash(String name) {
    byte[] digest = Digests.sha256().digest(name.getBytes(StandardCharsets.UTF_8));
    return ByteBuffer.wrap(digest).getLong();
  }

  /** Takes the names of a set. */
  static final class Builder {
    private final LongStream.Builder hashes = LongStream.builder();

    void add(String name) {
      hashes.add(hash(name));
    }

    KnownNames build() {
      return new KnownNames(hashes.build().sorted().toArray());
    }
  }
}
