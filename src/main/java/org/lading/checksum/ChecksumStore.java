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
  /** The value that stands for a CRC-32 that is not known. */
  long UNKNOWN = -1;

  /**
   * A checksum of a content, or of a piece of one.
   *
   * @param content the content
   * @param piece the number of the piece, see {@link PieceChecksums}; {@link #WHOLE} for the whole
   * @param crc32 the CRC-32 as an unsigned number
   */
  record Checksum(ContentId content, int piece, long crc32) {
    /** The number that stands for the whole content instead of a piece. */
    public static final int WHOLE = -1;
  }

  /**
   * Finds the CRC-32s of whole contents, each at its content's place in the list, or {@link
   * #UNKNOWN}. A look-up of many contents of one directory at once costs least for each.
   */
  long[] find(List<ContentId> contents);

  /**
   * Adds to {@code pieces} the checksums of the content's pieces that it lacks and this store has.
   */
  void findPieces(ContentId content, PieceChecksums pieces);

  /**
   * Stores checksums, which replace earlier ones of the same content or piece; of two in the list
   * the later one is kept.
   */
  void put(List<Checksum> checksums);

  /**
   * Removes, in small steps, the checksums that were not used since a time. Those that were last
   * used in the 30 days before that time may stay.
   *
   * @param stopping tells, before each step, whether to stop
   */
  void forget(Instant unusedSince, BooleanSupplier stopping);
}
