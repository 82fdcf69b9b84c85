package org.lading.store;

import java.io.InputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lading.base.PrintableText;
import org.lading.download.AttemptEndedException;
import org.lading.download.Download;
import org.lading.error.LadingException;
import org.lading.manifest.LiteralStore;

/**
 * Keeps literals in rows of 128 KiB, of which only a download's last one is shorter: so the row of
 * a byte is known by its position, and 10,000 short literals need no 10,000 rows. The rows that
 * were read last are kept, since nginx comes back for each literal with a request of its own.
 */
public final class JdbcLiteralStore implements LiteralStore {
  private static final int ROW_BYTES = 128 * 1024;

  /** The maximum number of rows that are kept: 4 MiB. */
  private static final int MAX_KEPT_ROWS = 32;

  private final Transactions transactions;

  /** The rows by download and number, in the order of their last use. */
  private final Map<String, byte[]> kept = new LinkedHashMap<>(16, 0.75f, true);

  /** Makes a store in an open database. */
  public JdbcLiteralStore(Database database) {
    this.transactions = new Transactions(database);
  }

  @Override
  public Writer writer(String id, int attempt) {
    return new RowWriter(id, attempt);
  }

  @Override
  public boolean hasLiterals(String id) {
    return transactions.read(
        handle ->
            handle
                .createQuery("select 1 from literal_chunk where download_id = :id and chunk = 0")
                .bind("id", id)
                .mapTo(Integer.class)
                .findOne()
                .isPresent());
  }

  @Override
  public InputStream open(String id, long from, long to) {
    return new RowInputStream(id, from, to);
  }

  private byte[] row(String id, long number) {
    String key = id + '/' + number;
    synchronized (kept) {
      byte[] known = kept.get(key);
      if (known != null) {
        return known;
      }
    }
    byte[] read = read(id, number);
    synchronized (kept) {
      kept.put(key, read);
      if (kept.size() > MAX_KEPT_ROWS) {
        kept.remove(kept.keySet().iterator().next());
      }
    }
    return read;
  }

  private byte[] read(String id, long number) {
    return transactions.read(
        handle ->
            handle
                .createQuery(
                    "select data from literal_chunk where download_id = :id and chunk = :chunk")
                .bind("id", id)
                .bind("chunk", number)
                .map((columns, context) -> columns.getBytes(1))
                .findOne()
                .orElseThrow(LadingException::noSuchDownload));
  }

  /** Writes rows, each in a transaction of its own, as long as the attempt is the current one. */
  private final class RowWriter extends Writer {
    private final String id;
    private final int attempt;
    private byte @Nullable [] row;
    private int filled;
    private int written;
    private boolean isBegun;

    RowWriter(String id, int attempt) {
      this.id = id;
      this.attempt = attempt;
    }

    @Override
    public long begin() {
      isBegun = true;
      return (long) written * ROW_BYTES + filled;
    }

    @Override
    public void forget(long position) {
      filled = (int) Math.max(0, position - (long) written * ROW_BYTES);
    }

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) {
      byte[] target = row();
      int done = 0;
      while (done < count) {
        int part = Math.min(count - done, ROW_BYTES - filled);
        System.arraycopy(bytes, offset + done, target, filled, part);
        filled += part;
        done += part;
        if (filled == ROW_BYTES) {
          insert(target);
        }
      }
    }

    @Override
    public void close() {
      if (filled > 0 || (isBegun && written == 0)) {
        insert(Arrays.copyOf(row(), filled));
      }
      row = null;
    }

    /** Returns the row that is being filled; most downloads have no literals, and need none. */
    private byte[] row() {
      byte[] filling = row == null ? new byte[ROW_BYTES] : row;
      row = filling;
      return filling;
    }

    private void insert(byte[] data) {
      transactions.writeUnforced(
          handle -> {
            // Locks the download's row, so that no other attempt begins in between.
            int current =
                handle.execute(
                    "update download set attempt = attempt"
                        + " where id = ? and attempt = ? and state = ?",
                    id,
                    attempt,
                    Download.State.CREATING_MANIFEST.name());
            if (current == 0) {
              throw new AttemptEndedException(
                  "a later attempt has begun, or the download is settled, expired or deleted");
            }
            return handle.execute(
                "insert into literal_chunk (download_id, chunk, data) values (?, ?, ?)",
                id,
                written,
                data);
          });
      written++;
      filled = 0;
    }
  }

  /** Reads bytes of the rows of one download. */
  private final class RowInputStream extends InputStream {
    private final String id;
    private final long to;
    private long position;

    RowInputStream(String id, long from, long to) {
      this.id = id;
      this.position = from;
      this.to = to;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      if (length == 0) {
        return 0;
      }
      if (position >= to) {
        return -1;
      }
      byte[] row = row(id, position / ROW_BYTES);
      int begin = (int) (position % ROW_BYTES);
      int count = (int) Math.min(Math.min(length, row.length - begin), to - position);
      if (count <= 0) {
        throw new IllegalStateException(
            "literals of " + PrintableText.ofId(id) + " are shorter than they were");
      }
      System.arraycopy(row, begin, bytes, offset, count);
      position += count;
      return count;
    }
  }
}
