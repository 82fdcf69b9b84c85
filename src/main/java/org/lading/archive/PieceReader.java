package org.lading.archive;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.lading.checksum.ChecksumLedger;
import org.lading.checksum.PieceChecksums;

/**
 * Reads one content piece by piece, and records the pieces' checksums. If only a part of the
 * content was sent, it reads the pieces whose checksums are still unknown.
 */
final class PieceReader {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final EntryContent content;
  private final Opener opener;
  private final ChecksumLedger ledger;
  private final long size;
  private final PieceChecksums pieces;

  /** The part that was read of a piece whose beginning was not read. */
  private @Nullable Tail tail;

  /** Opens the bytes of the content between two positions. */
  @FunctionalInterface
  interface Opener {
    /** Opens the bytes, see {@link org.lading.root.Root#open}. */
    InputStream open(long from, long to) throws IOException;
  }

  /** The end of a piece, from a position of the content on. */
  private record Tail(int piece, long from, long crc32) {}

  PieceReader(EntryContent content, Opener opener) {
    this.content = content;
    this.opener = opener;
    this.ledger = content.parts.checksums().ledger();
    this.size = content.entry.size();
    this.pieces = new PieceChecksums(size);
  }

  /** Opens the bytes from a position (inclusive) to another (exclusive), to be sent. */
  InputStream open(long from, long to) throws IOException {
    InputStream bytes = opener.open(from, to);
    // A known CRC-32 is verified only where the whole content is read anyway.
    return content.entry.hasCrc32() && (from > 0 || to < size)
        ? bytes
        : new PieceChecksumInputStream(bytes, from, size, this::record);
  }

  /**
   * Computes the CRC-32 of the content: reads the pieces that were not read and that the ledger
   * does not know.
   */
  void complete() throws IOException {
    if (size > PieceChecksums.LENGTH) {
      ledger.findPieces(content.entry.contentId(), pieces);
    }
    byte[] buffer = new byte[BUFFER_BYTES];
    int begin = pieces.nextUnknown(0);
    while (begin < pieces.count()) {
      int end = begin + 1;
      while (end < pieces.count() && !pieces.has(end) && !isTail(end - 1)) {
        end++;
      }
      read(begin, end, buffer);
      begin = pieces.nextUnknown(end);
    }
    if (content.needsCrc32()) {
      content.setComputedCrc32(pieces.whole());
    }
  }

  /** Reads a run of pieces; of a piece whose end was read, only the beginning. */
  private void read(int begin, int end, byte[] buffer) throws IOException {
    Tail known = tail;
    long to = known != null && known.piece() == end - 1 ? known.from() : pieces.end(end - 1);
    try (InputStream in =
        new PieceChecksumInputStream(
            opener.open(PieceChecksums.begin(begin), to),
            PieceChecksums.begin(begin),
            size,
            this::record)) {
      long left = to - PieceChecksums.begin(begin);
      while (left > 0) {
        int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (read < 0) {
          throw content.changed();
        }
        left -= read;
      }
    }
  }

  private boolean isTail(int piece) {
    return tail != null && tail.piece() == piece;
  }

  /** Records the CRC-32 of bytes that were read: of a piece, or of its beginning or end. */
  private void record(long from, long to, long crc32) {
    int piece = PieceChecksums.at(from);
    boolean isBeginning = from == PieceChecksums.begin(piece);
    if (isBeginning && to == pieces.end(piece)) {
      recordPiece(piece, crc32);
    } else if (to == pieces.end(piece)) {
      tail = new Tail(piece, from, crc32);
    } else if (isBeginning && tail != null && tail.piece() == piece && tail.from() == to) {
      recordPiece(piece, PieceChecksums.joined(crc32, tail.crc32(), pieces.end(piece) - to));
    }
  }

  private void recordPiece(int piece, long crc32) {
    pieces.put(piece, crc32);
    if (content.needsCrc32() && size > PieceChecksums.LENGTH) {
      ledger.learnPiece(content.entry.contentId(), piece, crc32);
    }
    if (pieces.nextUnknown(0) == pieces.count()) {
      content.setComputedCrc32(pieces.whole());
    }
  }
}
