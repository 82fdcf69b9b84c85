package org.lading.store;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.lading.manifest.Target;

/**
 * Iterates over the stored targets of a download, and stores them: as one deflated stream that is
 * divided into rows. However large one target is, its rows are small, since an embedded database
 * holds several copies of a row in memory.
 */
final class JdbcTargetIterator implements Iterator<Target> {
  private static final int MAX_BYTES = 128 * 1024;

  /**
   * The size in bytes of the buffers before inflater and deflater, which are slow with single
   * bytes.
   */
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

  /** Writes the targets of one download, in the caller's transaction. */
  static void insert(Handle handle, String id, Iterator<Target> targets) {
    OutputStream rows = new BufferedOutputStream(new Rows(handle, id), MAX_BYTES);
    try (DataOutputStream out =
        new DataOutputStream(
            new BufferedOutputStream(new DeflaterOutputStream(rows), PLAIN_BUFFER))) {
      while (targets.hasNext()) {
        TargetCodec.write(out, targets.next());
      }
      TargetCodec.writeEnd(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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

  /** A stream that makes a row of the bytes of each write. */
  private static final class Rows extends OutputStream {
    private final Handle handle;
    private final String id;
    private int chunk;

    Rows(Handle handle, String id) {
      this.handle = handle;
      this.id = id;
    }

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      handle.execute(
          "insert into target_chunk (download_id, chunk, data) values (?, ?, ?)",
          id,
          chunk++,
          Arrays.copyOfRange(bytes, offset, offset + length));
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
