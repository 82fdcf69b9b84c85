package org.lading.checksum;

import java.util.BitSet;

/**
 * The CRC-32s of the pieces of one large content: 16 MiB each, the last one the rest. They may
 * become known in any order, as ranges of the content are read. For one thread.
 */
public final class PieceChecksums {
  /** The length in bytes of every piece but the last. */
  public static final int LENGTH = 16 << 20;

  private final long size;
  private final int count;
  private final BitSet known = new BitSet();
  private int[] crcs = new int[0];

  /** Makes the checksums of a content of at least 1 byte, of which no piece is known. */
  public PieceChecksums(long size) {
    this.size = size;
    this.count = Math.toIntExact((size + LENGTH - 1) / LENGTH);
  }

  /** Returns the number of the piece that the byte at a position belongs to. */
  public static int at(long position) {
    return Math.toIntExact(position / LENGTH);
  }

  /** Returns the position of the first byte of a piece. */
  public static long begin(int piece) {
    return (long) piece * LENGTH;
  }

  /** Returns the position after the last byte of a piece. */
  public long end(int piece) {
    return Math.min(begin(piece + 1), size);
  }

  /** The number of pieces. */
  public int count() {
    return count;
  }

  /** Sets the CRC-32 of a piece, as an unsigned number. */
  public void put(int piece, long crc32) {
    if (crcs.length == 0) {
      crcs = new int[count];
    }
    crcs[piece] = (int) crc32;
    known.set(piece);
  }

  /**
   * Returns the first piece that is not known, from the given one on; {@link #count()} if all are.
   */
  public int nextUnknown(int from) {
    return Math.min(known.nextClearBit(from), count);
  }

  /** Returns whether a piece is known. */
  public boolean has(int piece) {
    return known.get(piece);
  }

  /** Returns the CRC-32 of the content, all of whose pieces are known, as an unsigned number. */
  public long whole() {
    if (nextUnknown(0) < count) {
      throw new IllegalStateException("not every piece is known");
    }
    long crc = 0;
    for (int piece = 0; piece < count; piece++) {
      crc = Crc32Combine.of(crc, Integer.toUnsignedLong(crcs[piece]), end(piece) - begin(piece));
    }
    return crc;
  }

  /** Returns the CRC-32 of two parts that follow one another. */
  public static long joined(long first, long second, long secondLength) {
    return Crc32Combine.of(first, second, secondLength);
  }
}
