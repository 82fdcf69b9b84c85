package org.lading.manifest;

/**
 * A place between two entries of the archive that Lading streams itself, from which it can be taken
 * up again.
 *
 * @param entries how many entries lie before it
 * @param offset of the next entry, in bytes from the beginning of the archive
 * @param central of the next entry's record, in bytes from the beginning of the central directory
 */
public record ArchivePoint(long entries, long offset, long central) {
  /** The beginning of every archive. */
  public static final ArchivePoint START = new ArchivePoint(0, 0, 0);
}
