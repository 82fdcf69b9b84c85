package org.lading.http.archive;

import java.util.Arrays;
import java.util.BitSet;

/** The CRC-32s that were computed while one archive goes out, four bytes each. */
final class Checksums {
  private static final int BLOCK = 4096;

  private int[][] blocks = new int[0][];
  private final BitSet known = new BitSet();

  void put(long index, long crc32) {
    int block = Math.toIntExact(index / BLOCK);
    if (block >= blocks.length) {
      blocks = Arrays.copyOf(blocks, Math.max(block + 1, blocks.length * 2));
    }
    if (blocks[block] == null) {
      blocks[block] = new int[BLOCK];
    }
    blocks[block][(int) (index % BLOCK)] = (int) crc32;
    known.set(Math.toIntExact(index));
  }

  boolean has(long index) {
    return known.get(Math.toIntExact(index));
  }

  /** The CRC-32 of a member that {@link #has} one, as an unsigned number. */
  long get(long index) {
    return Integer.toUnsignedLong(blocks[(int) (index / BLOCK)][(int) (index % BLOCK)]);
  }
}
