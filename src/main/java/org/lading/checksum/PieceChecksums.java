package org.lading.checksum;

import java.util.BitSet;

/**
 * The CRC-32s of the pieces of one large content: 16 MiB each, the last one what is left. They may
 * become known in any order, as ranges pass by. Not for several threads.
 */
public final class PieceChecksums {
  /** Bytes of every piece but the last. */
  public static final int LENGTH = 16 << 20;

  private final long size;
  private final int count;
  private final BitSet known = new BitSet();
  private int[] crcs = new int[0];

  /** Starts for a content of at least 1 byte, of which no piece is known. */
  public PieceChecksums(long size) {
    this.size = size;
    this.count = Math.toIntExact((size + LENGTH - 1) / LENGTH);
  }

  /** The piece that the byte at this position belongs to. */
  public static int at(long position) {
    return Math.toIntExact(position / LENGTH);
  }

  /** The position of the first byte of a piece. */
  public static long begin(int piece) {
    return (long) piece * LENGTH;
  }

  /** The position after the last byte of a piece. */
  public long end(int piece) {
    return Math.min(begin(piece + 1), size);
  }

  /** The number of pieces. */
  public int count() {
    return count;
  }

  /** Puts the CRC-32 of a piece, as an unsigned number. */
  public void put(int piece, long crc32) {
    if (crcs.length == 0) {
      crcs = new int[count];
    }
    crcs[piece] = (int) crc32;
    known.set(piece);
  }

  /** The first piece that is not known, from the given one on; {@link #count()} if all are. */
  public int nextUnknown(int from) {
    return Math.min(known.nextClearBit(from), count);
  }

  /** Whether a piece is known. */
  public boolean has(int piece) {
    return known.get(piece);
  }

  /** The CRC-32 of the content, all of whose pieces are known, as an unsigned number. */
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

  /** The CRC-32 of a beginning and what follows it. */
  public static long joined(long first, long second, long secondLength) {
    return Crc32Combine.of(first, second, secondLength);
  }
}
