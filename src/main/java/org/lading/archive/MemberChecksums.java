package org.lading.archive;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.lading.checksum.ChecksumLedger;
import org.lading.checksum.ChecksumStore;
import org.lading.checksum.ContentId;

/**
 * The CRC-32s that one download lacked when it was created, and that were found since. All clients
 * that fetch the download at the same time share them; they take four bytes each. Computed ones go
 * to the ledger too.
 */
final class MemberChecksums {
  private static final int BLOCK_LENGTH = 4096;

  private final ChecksumLedger ledger;
  private final BitSet known = new BitSet();
  private int[][] blocks = new int[0][];

  MemberChecksums(ChecksumLedger ledger) {
    this.ledger = ledger;
  }

  /** Returns the ledger of all downloads. */
  ChecksumLedger ledger() {
    return ledger;
  }

  /**
   * Sets a member's computed CRC-32, and adds it to the ledger; returns false if the member had
   * another one.
   */
  boolean putComputed(long index, ContentId content, long crc32) {
    ledger.learn(content, crc32);
    synchronized (this) {
      boolean isOther = has(index) && get(index) != crc32;
      put(index, crc32);
      return !isOther;
    }
  }

  /** Sets a member's CRC-32. */
  synchronized void put(long index, long crc32) {
    int block = Math.toIntExact(index / BLOCK_LENGTH);
    if (block >= blocks.length) {
      blocks = Arrays.copyOf(blocks, Math.max(block + 1, blocks.length * 2));
    }
    if (blocks[block] == null) {
      blocks[block] = new int[BLOCK_LENGTH];
    }
    blocks[block][(int) (index % BLOCK_LENGTH)] = (int) crc32;
    known.set(Math.toIntExact(index));
  }

  /** Returns whether a member's CRC-32 is known. */
  synchronized boolean has(long index) {
    return known.get(Math.toIntExact(index));
  }

  /** Returns a CRC-32 that is known, as an unsigned number. */
  synchronized long get(long index) {
    return Integer.toUnsignedLong(
        blocks[(int) (index / BLOCK_LENGTH)][(int) (index % BLOCK_LENGTH)]);
  }

  /** Looks up the CRC-32s of members in the ledger. */
  void lookUp(List<EntryContent> contents) {
    long[] found =
        ledger.find(contents.stream().map(content -> content.entry.contentId()).toList());
    for (int i = 0; i < found.length; i++) {
      if (found[i] != ChecksumStore.UNKNOWN) {
        contents.get(i).setKnownCrc32(found[i]);
      }
    }
  }
}
