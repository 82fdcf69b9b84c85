package org.lading.store;

import org.jdbi.v3.core.Handle;
import org.lading.download.Download;

/** Stores new downloads with their targets, within the transaction of a caller. */
final class DownloadInsertion {
  private final Dialect dialect;
  private final QueueTable queue;

  DownloadInsertion(Transactions transactions) {
    this.dialect = transactions.dialect();
    this.queue = new QueueTable(transactions);
  }

  /** Stores a download, as {@link JdbcDownloadStore#insert}. */
  boolean run(Handle handle, Download download, TargetSpool spool, int share) {
    Download.Preparation preparation = download.preparation();
    boolean isNext = queue.count(handle, preparation.client(), preparation.lane()) < share;
    handle.execute(
        "insert into download (id, root, zip_name, state, attempt, failures, created_at,"
            + " expires_at, due_at, entry_count, file_count, byte_count, stored_count, mod_zip_length,"
            + " archive_length, end_offset, end_central, fingerprint, source_roots,"
            + " step_count, client, lane, queued, repeatable)"
            + " values (?, ?, ?, ?, 0, 0, ?, ?, ?, 0, 0, 0, 0, 0, 0, 0, 0, '', '', 0, ?, ?, ?, ?)",
        download.id(),
        download.root(),
        download.zipName(),
        download.state().name(),
        dialect.time(download.created()),
        dialect.time(download.expires()),
        dialect.time(download.expires()),
        preparation.client(),
        preparation.lane().name(),
        isNext ? 1 : 0,
        download.repetition().isAllowed() ? 1 : 0);
    spool.insert(handle, download.id());
    return isNext;
  }
}
