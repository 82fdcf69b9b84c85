package org.lading.store;

import org.jdbi.v3.core.Handle;
import org.lading.download.AttemptEndedException;
import org.lading.download.Download;
import org.lading.download.DownloadStore.EntrySink;
import org.lading.manifest.ArchivePoint;
import org.lading.manifest.Entry;

/**
 * Writes the entries of one attempt in chunks, each in its own transaction. The transaction also
 * updates the progress of the attempt, and fails if the attempt is no longer the current one.
 */
final class JdbcEntrySink implements EntrySink {
  /**
   * The maximum number of entries of a chunk: a reader that starts in its middle decodes those
   * before for nothing.
   */
  private static final int MAX_ENTRIES = 2000;

  /**
   * The size in bytes at which a chunk is written: each reader holds one chunk in memory, and there
   * may be thousands of slow readers.
   */
  private static final int MAX_BYTES = 128 * 1024;

  /** The maximum time between two updates of the progress, which status pages show. */
  private static final long MAX_PROGRESS_NANOS = 1_000_000_000;

  private final Transactions transactions;
  private final Download attempt;
  private final EntryCodec.Encoder encoder = new EntryCodec.Encoder();
  private ArchivePoint begin = ArchivePoint.START;
  private long entries;
  private long files;
  private long bytes;
  private long stored;
  private long told = System.nanoTime();

  JdbcEntrySink(Transactions transactions, Download attempt) {
    this.transactions = transactions;
    this.attempt = attempt;
  }

  @Override
  public void accept(Entry entry, ArchivePoint at) {
    if (encoder.count() == 0) {
      begin = at;
    }
    encoder.add(entry);
    entries++;
    files += entry.isDirectory() ? 0 : 1;
    bytes += entry.size();
    stored += entry.isInStorage() ? 1 : 0;
    if (encoder.count() == MAX_ENTRIES || encoder.length() >= MAX_BYTES) {
      flush();
    } else if (System.nanoTime() - told > MAX_PROGRESS_NANOS) {
      transactions.writeUnforced(this::tellProgress);
    }
  }

  @Override
  public void close() {
    if (encoder.count() > 0) {
      flush();
    }
  }

  private void flush() {
    int count = encoder.count();
    byte[] chunk = encoder.finish();
    transactions.writeUnforced(
        handle -> {
          tellProgress(handle);
          return handle.execute(
              "insert into entry_chunk (download_id, first_entry, entry_count,"
                  + " archive_offset, central_offset, data) values (?, ?, ?, ?, ?, ?)",
              attempt.id(),
              begin.entries(),
              count,
              begin.offset(),
              begin.central(),
              chunk);
        });
  }

  /**
   * Updates the progress, which locks the row until the transaction ends, so that no other attempt
   * begins in between.
   */
  private int tellProgress(Handle handle) {
    told = System.nanoTime();
    int current =
        handle.execute(
            "update download set entry_count = ?, file_count = ?, byte_count = ?, stored_count = ?"
                + " where id = ? and attempt = ? and state = ?",
            entries,
            files,
            bytes,
            stored,
            attempt.id(),
            attempt.attempt(),
            Download.State.CREATING_MANIFEST.name());
    if (current == 0) {
      throw new AttemptEndedException(
          "a later attempt has begun, or the download is settled, expired or deleted");
    }
    return current;
  }
}
