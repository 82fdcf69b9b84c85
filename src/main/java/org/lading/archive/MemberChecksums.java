package org.lading.archive;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.lading.checksum.ChecksumLedger;
import org.lading.checksum.ChecksumStore;
import org.lading.checksum.ContentId;
import org.lading.checksum.PieceChecksums;

/**
 * The CRC-32s of one download's members that were not known when it was created, as they are
 * learned: four bytes each, for all who fetch the download at this time. The ledger gets them too.
 */
final class MemberChecksums {
  private static final int BLOCK = 4096;

  private final ChecksumLedger ledger;
  private int[][] blocks = new int[0][];
  private final BitSet known = new BitSet();

  MemberChecksums(ChecksumLedger ledger) {
    this.ledger = ledger;
  }

  /** A member's CRC-32 was computed; false if it is another one than was known before. */
  boolean put(long index, ContentId content, long crc32) {
    ledger.learn(content, crc32);
    synchronized (this) {
      boolean isOther = has(index) && get(index) != crc32;
      put(index, crc32);
      return !isOther;
    }
  }

  /** A member's CRC-32 was known to the ledger. */
  synchronized void put(long index, long crc32) {
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

  synchronized boolean has(long index) {
    return known.get(Math.toIntExact(index));
  }

  /** The CRC-32 of a member that {@link #has} one, as an unsigned number. */
  synchronized long get(long index) {
    return Integer.toUnsignedLong(blocks[(int) (index / BLOCK)][(int) (index % BLOCK)]);
  }

  /** What the ledger said of a content is wrong. */
  void correct(ContentId content, long crc32) {
    ledger.learn(content, crc32);
  }

  /** A piece of a content passed by. */
  void learnPiece(ContentId content, int piece, long crc32) {
    ledger.learnPiece(content, piece, crc32);
  }

  /** Adds the pieces of a content that the ledger knows. */
  void findPieces(ContentId content, PieceChecksums pieces) {
    ledger.findPieces(content, pieces);
  }

  /** Asks the ledger for the checksums of these members. */
  void lookUp(List<EntryContent> contents) {
    long[] found = ledger.find(contents.stream().map(EntryContent::content).toList());
    for (int i = 0; i < found.length; i++) {
      if (found[i] != ChecksumStore.UNKNOWN) {
        contents.get(i).recall(found[i]);
      }
    }
  }
}
