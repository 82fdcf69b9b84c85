package org.lading.store;

import org.lading.download.DownloadStore.EntrySink;
import org.lading.manifest.ArchivePoint;
import org.lading.manifest.Entry;

/** Writes the entries of one download in chunks, each in a transaction of its own. */
final class JdbcEntrySink implements EntrySink {
  /** A reader that starts in the middle decodes half a chunk for nothing on average. */
  private static final int MAX_ENTRIES = 1000;

  private static final int MAX_PLAIN_BYTES = 256 * 1024;

  private final Transactions transactions;
  private final String id;
  private final EntryCodec.Encoder encoder = new EntryCodec.Encoder();
  private ArchivePoint begin = ArchivePoint.START;

  JdbcEntrySink(Transactions transactions, String id) {
    this.transactions = transactions;
    this.id = id;
  }

  @Override
  public void accept(Entry entry, ArchivePoint at) {
    if (encoder.count() == 0) {
      begin = at;
    }
    encoder.add(entry);
    if (encoder.count() == MAX_ENTRIES || encoder.plainBytes() >= MAX_PLAIN_BYTES) {
      flush();
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
    transactions.run(
        handle ->
            handle.execute(
                "insert into entry_chunk (download_id, first_entry, entry_count,"
                    + " archive_offset, central_offset, data) values (?, ?, ?, ?, ?, ?)",
                id,
                begin.entries(),
                count,
                begin.offset(),
                begin.central(),
                chunk));
  }
}
