package org.lading.store;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;
import org.lading.manifest.Target;
import org.lading.manifest.Target.LiteralTarget;

/** Iterates over the stored targets of a download, which {@link TargetSpool} has written. */
final class JdbcTargetIterator implements Iterator<Target> {
  /** The size in bytes of the buffer before the inflater, which is slow with single bytes. */
  private static final int PLAIN_BUFFER = 64 * 1024;

  private final DataInputStream in;
  private @Nullable Target last;
  private @Nullable Target next;
  private boolean ended;

  /** Makes an iterator over the targets of one download; it is empty if they were removed. */
  JdbcTargetIterator(Transactions transactions, String id) {
    Parts parts = new Parts(transactions, id);
    this.in =
        new DataInputStream(new BufferedInputStream(new InflaterInputStream(parts), PLAIN_BUFFER));
    this.ended = !parts.isFilled();
  }

  /** See {@link Iterator#hasNext}; from this call on the content of the last target is gone. */
  @Override
  public boolean hasNext() {
    if (next == null && !ended) {
      next = read();
      ended = next == null;
    }
    return next != null;
  }

  @Override
  public Target next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Target target = Objects.requireNonNull(next);
    last = target;
    next = null;
    return target;
  }

  private @Nullable Target read() {
    try {
      if (last instanceof LiteralTarget literal
          && literal.content() instanceof TargetCodec.StoredContent content) {
        content.skip();
      }
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
