package org.lading.store;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;
import org.lading.manifest.Target;

/** Iterates over the stored targets of a download, which {@link TargetSpool} has written. */
final class JdbcTargetIterator implements Iterator<Target> {
  /** The size in bytes of the buffer before the inflater, which is slow with single bytes. */
  private static final int PLAIN_BUFFER = 64 * 1024;

  private final DataInputStream in;
  private @Nullable Target next;

  /** Makes an iterator over the targets of one download; it is empty if they were removed. */
  JdbcTargetIterator(Transactions transactions, String id) {
    Parts parts = new Parts(transactions, id);
    this.in =
        new DataInputStream(new BufferedInputStream(new InflaterInputStream(parts), PLAIN_BUFFER));
    this.next = parts.isFilled() ? read() : null;
  }

  @Override
  public boolean hasNext() {
    return next != null;
  }

  @Override
  public Target next() {
    Target target = next;
    if (target == null) {
      throw new NoSuchElementException();
    }
    next = read();
    return target;
  }

  private @Nullable Target read() {
    try {
      return TargetCodec.read(in);
    } catch (IOException e) {
      throw new UncheckedIOException("damaged stored targets", e);
    }
  }

  /** A stream of the rows of one download, each of which is read when the one before has ended. */
  private static final class Parts extends InputStream {
    private final Transactions transactions;
    private final String id;
    private int chunk;
    private byte[] row = {};
    private int position;

    Parts(Transactions transactions, String id) {
      this.transactions = transactions;
      this.id = id;
    }

    /** Returns whether there is a byte to read. */
    boolean isFilled() {
      if (position == row.length) {
        row = fetch(chunk++);
        position = 0;
      }
      return position < row.length;
    }

    @Override
    public int read() {
      return isFilled() ? row[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      if (!isFilled()) {
        return -1;
      }
      int read = Math.min(length, row.length - position);
      System.arraycopy(row, position, bytes, offset, read);
      position += read;
      return read;
    }

    private byte[] fetch(int number) {
      return transactions.read(
          handle ->
              handle
                  .createQuery(
                      "select data from target_chunk"
                          + " where download_id = :id and chunk = :chunk")
                  .bind("id", id)
                  .bind("chunk", number)
                  .map((columns, context) -> columns.getBytes(1))
                  .findOne()
                  .orElse(new byte[0]));
    }
  }
}
