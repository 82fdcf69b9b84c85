package org.lading.zip;

import java.util.Iterator;

/**
 * The members of an archive in their order, read in parts since they may be too many to hold, and
 * points of its layout from which to continue. For one thread.
 */
public interface MemberCatalog extends AutoCloseable {
  /** Returns the point after the last member. */
  ZipLayout.Point end();

  /** Returns a point at or before an offset in the archive, the nearer the better. */
  ZipLayout.Point before(long offset);

  /** Returns a point at or before an offset in the central directory, the nearer the better. */
  ZipLayout.Point beforeCentral(long central);

  /**
   * Iterates over the members from a point that this catalog has returned. A new iteration ends the
   * one before; a content is valid until the next one is requested.
   *
   * @param until an offset in the archive: the contents of members at or after it are not opened
   */
  Iterator<MemberContent> members(ZipLayout.Point from, long until);

  /** Iterates over the members from a point on, of which only the CRC-32 is used. */
  Iterator<MemberContent> headers(ZipLayout.Point from);

  /** Releases the catalog, which is not used afterwards. */
  @Override
  void close();
}
