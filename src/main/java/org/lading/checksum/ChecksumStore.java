package org.lading.checksum;

import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Keeps CRC-32s. Safe for several threads, and for several nodes on one database. Every method
 * throws {@link org.lading.error.LadingException} with {@code STORAGE_UNAVAILABLE} if the database
 * does not answer.
 */
public interface ChecksumStore {
  /** What stands for a CRC-32 that is not known. */
  long UNKNOWN = -1;

  /**
   * A checksum of a content, or of a piece of one.
   *
   * @param content whose
   * @param piece which piece, see {@link PieceChecksums}; {@link #WHOLE} for the whole
   * @param crc32 as an unsigned number
   */
  record Checksum(ContentId content, int piece, long crc32) {
    /** The piece that is everything. */
    public static final int WHOLE = -1;
  }

  /**
   * The CRC-32s of whole contents, each at its content's place in the list, or {@link #UNKNOWN}.
   * Cheapest for contents of few directories whose names lie close to one another; a thousand at
   * once are a good measure.
   */
  long[] find(List<ContentId> contents);

  /** Adds the pieces that are kept of this content. */
  void findPieces(ContentId content, PieceChecksums pieces);

  /**
   * Keeps these. A checksum takes the place of one for the same key, also of another content; of
   * two in the list the later one. The checksum of a whole takes the place of those of its pieces.
   */
  void put(List<Checksum> checksums);

  /**
   * Forgets what was not used since a time (by the day), in small steps, or stops on the way. What
   * is needed to find the rest of a directory may stay until a later call.
   */
  void forget(Instant unusedSince, BooleanSupplier stopping);
}
