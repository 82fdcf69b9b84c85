package org.lading.zip;

import java.util.Iterator;

/**
 * The members of an archive in their order, too many to hold, with points in between from which its
 * layout can be taken up. For one thread.
 */
public interface MemberCatalog extends AutoCloseable {
  /** The point behind the last member. */
  ZipLayout.Point end();

  /** A point at or before this offset, the nearer the better. */
  ZipLayout.Point before(long offset);

  /** A point at or before this offset in the central directory, the nearer the better. */
  ZipLayout.Point beforeCentral(long central);

  /**
   * The members from a point on that came from here. The iteration before this one is over, and a
   * content is not used once the next one was asked for.
   *
   * @param until no bytes are asked for of a member that begins at or behind this offset; a hint
   */
  Iterator<MemberContent> members(ZipLayout.Point from, long until);

  /** As above, for members of which nothing is asked but the CRC-32. */
  Iterator<MemberContent> headers(ZipLayout.Point from);

  /** Called once nothing more is asked for. */
  @Override
  void close();
}
