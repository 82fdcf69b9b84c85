package org.lading.checksum;

import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Keeps CRC-32s of contents. Safe for several threads, and for several nodes on one database. Every
 * method throws {@link org.lading.error.LadingException} with {@code STORAGE_UNAVAILABLE} if the
 * database does not answer.
 */
public interface ChecksumStore {
  /** Stands for a CRC-32 that is not known. */
  long UNKNOWN = -1;

  /**
   * A checksum of a content, or of a piece of one.
   *
   * @param content that it is the checksum of
   * @param piece the number of the piece, see {@link PieceChecksums}; {@link #WHOLE} for the whole
   * @param crc32 as an unsigned number
   */
  record Checksum(ContentId content, int piece, long crc32) {
    /** Stands for the piece that is the whole content. */
    public static final int WHOLE = -1;
  }

  /**
   * Finds the CRC-32s of whole contents, each at its content's place in the list, or {@link
   * #UNKNOWN}. Costs least for many at once that are listed together.
   */
  long[] find(List<ContentId> contents);

  /** Adds the pieces of a content that are kept here and not known yet. */
  void findPieces(ContentId content, PieceChecksums pieces);

  /** Keeps checksums, in place of others for the same; of two in the list the later one. */
  void put(List<Checksum> checksums);

  /**
   * Forgets, in small steps, what was not used since a time. What was last used in the 30 days
   * before that may stay.
   *
   * @param stopping says before each step whether to stop instead
   */
  void forget(Instant unusedSince, BooleanSupplier stopping);
}
