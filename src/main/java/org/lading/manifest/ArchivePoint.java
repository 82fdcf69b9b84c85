package org.lading.manifest;

/**
 * A point between two entries of the archive that Lading streams itself, at which streaming can
 * begin.
 *
 * @param entries the number of entries before the point
 * @param offset the next entry's offset from the beginning of the archive, in bytes
 * @param central the offset of the next entry's record from the beginning of the central directory,
 *     in bytes
 */
public record ArchivePoint(long entries, long offset, long central) {
  /** The point before the first entry. */
  public static final ArchivePoint START = new ArchivePoint(0, 0, 0);
}
