package org.lading.manifest;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * The port to the literals that are in the database, where any node finds them. Those of one
 * download are one sequence of bytes, and each is known by the position of its first byte. They are
 * removed with the entries of their download.
 */
public interface LiteralStore {
  /** Makes the writer of the literals of one attempt at a download, counted from 1. */
  Writer writer(String id, int attempt);

  /** Returns whether a download that is ready has literals here, be they empty. */
  boolean hasLiterals(String id);

  /**
   * Opens bytes of a download's literals; the caller closes the stream. Rows are read when their
   * bytes are: a read throws {@code NOT_FOUND} if the download was removed.
   *
   * @param from the position of the first byte
   * @param to the position after the last byte
   */
  InputStream open(String id, long from, long to);

  /** Appends literals; for one thread. Memory is bounded, however long a literal is. */
  abstract class Writer extends OutputStream {
    /** Begins a literal, and returns the position of its first byte. */
    public abstract long begin();

    /**
     * Forgets the bytes from a position on, where the next literal then begins; those that are
     * written already stay, and nobody reads them.
     */
    public abstract void forget(long position);

    /** Writes what is not yet written. */
    @Override
    public abstract void close() throws IOException;
  }
}
