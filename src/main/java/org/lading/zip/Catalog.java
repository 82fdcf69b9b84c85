package org.lading.zip;

import java.util.Iterator;

/**
 * The members of an archive in their order, too many to hold, with points in between from which its
 * layout can be taken up. For one thread.
 */
public interface Catalog extends AutoCloseable {
  /** The point behind the last member. */
  Layout.Point end();

  /** A point at or before this offset, the nearer the better. */
  Layout.Point before(long offset);

  /** A point at or before this offset in the central directory, the nearer the better. */
  Layout.Point beforeCentral(long central);

  /** The members from the given one on, counted from 0. */
  Iterator<Content> members(long first);

  /** Called once nothing more is asked for. */
  @Override
  void close();
}
