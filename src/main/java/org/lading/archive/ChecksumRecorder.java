package org.lading.archive;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.lading.checksum.PieceChecksums;

/**
 * Reads one content as it goes out, piece by piece, and learns the checksums on the way. Where only
 * a part of it went out, what is known already is not read again.
 */
final class ChecksumRecorder {
  private static final int BUFFER = 64 * 1024;

  private final EntryContent content;
  private final Opener opener;
  private final MemberChecksums learned;
  private final long size;
  private final PieceChecksums pieces;

  /** The end of a piece of which only that has passed by, and where it begins. */
  private @Nullable Tail tail;

  /** Opens the bytes of the content between two positions. */
  @FunctionalInterface
  interface Opener {
    /** See {@link org.lading.root.Root#open}. */
    InputStream open(long from, long to) throws IOException;
  }

  private record Tail(int piece, long from, long crc32) {}

  ChecksumRecorder(EntryContent content, Opener opener, MemberChecksums learned) {
    this.content = content;
    this.opener = opener;
    this.learned = learned;
    this.size = content.entry.size();
    this.pieces = new PieceChecksums(size);
  }

  /** The bytes between two positions, as they go out. */
  InputStream open(long from, long to) throws IOException {
    InputStream bytes = opener.open(from, to);
    // What is known already is held against the bytes only where that takes nothing more.
    return content.entry.hasCrc32() && (from > 0 || to < size)
        ? bytes
        : new PieceChecksumInputStream(bytes, from, size, this::passed);
  }

  /** Reads what has not passed by, and is not known to the ledger. */
  void complete() throws IOException {
    if (size > PieceChecksums.LENGTH) {
      learned.findPieces(content.content(), pieces);
    }
    byte[] buffer = new byte[BUFFER];
    int begin = pieces.nextUnknown(0);
    while (begin < pieces.count()) {
      int end = begin + 1;
      while (end < pieces.count() && !pieces.has(end) && !isTail(end - 1)) {
        end++;
      }
      read(begin, end, buffer);
      begin = pieces.nextUnknown(end);
    }
    if (content.isUnknown()) {
      content.learn(pieces.whole());
    }
  }

  /** Reads a run of pieces at once; of a piece whose end is known only the beginning. */
  private void read(int begin, int end, byte[] buffer) throws IOException {
    Tail known = tail;
    long to = known != null && known.piece() == end - 1 ? known.from() : pieces.end(end - 1);
    try (InputStream in =
        new PieceChecksumInputStream(
            opener.open(PieceChecksums.begin(begin), to),
            PieceChecksums.begin(begin),
            size,
            this::passed)) {
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

  /** A run of bytes passed by: a piece, or the beginning or the end of one. */
  private void passed(long from, long to, long crc32) {
    int piece = PieceChecksums.at(from);
    boolean isBeginning = from == PieceChecksums.begin(piece);
    if (isBeginning && to == pieces.end(piece)) {
      learnPiece(piece, crc32);
    } else if (to == pieces.end(piece)) {
      tail = new Tail(piece, from, crc32);
    } else if (isBeginning && tail != null && tail.piece() == piece && tail.from() == to) {
      learnPiece(piece, PieceChecksums.joined(crc32, tail.crc32(), pieces.end(piece) - to));
    }
  }

  private void learnPiece(int piece, long crc32) {
    pieces.put(piece, crc32);
    if (content.isUnknown() && size > PieceChecksums.LENGTH) {
      learned.learnPiece(content.content(), piece, crc32);
    }
    if (pieces.nextUnknown(0) == pieces.count()) {
      content.learn(pieces.whole());
    }
  }
}
