package org.lading.store;

import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.lading.download.Download;
import org.lading.event.Subscription;

/** Stores new downloads with their targets, within the transaction of a caller. */
final class DownloadInsertion {
  private final Dialect dialect;
  private final QueueTable queue;

  DownloadInsertion(Transactions transactions) {
    this.dialect = transactions.dialect();
    this.queue = new QueueTable(transactions);
  }

  /** Stores a download of which nobody is told, and returns whether it is to be queued now. */
  boolean run(Handle handle, Download download, TargetSpool spool, int share) {
    return Boolean.TRUE.equals(run(handle, download, spool, List.of(), null, share));
  }

  /**
   * Stores a download, as {@link JdbcDownloadStore#insert}, and returns whether it is to be queued
   * now, or null if another one has the key.
   */
  @Nullable Boolean run(
      Handle handle,
      Download download,
      TargetSpool spool,
      List<Subscription> subscriptions,
      @Nullable String key,
      int share) {
    Download.Preparation preparation = download.preparation();
    boolean isNext = queue.count(handle, preparation.client(), preparation.lane()) < share;
    int inserted =
        handle.execute(
            "insert into download (id, root, zip_name, state, attempt, failures, created_at,"
                + " expires_at, due_at, entry_count, file_count, byte_count, stored_count, mod_zip_length,"
                + " archive_length, end_offset, end_central, fingerprint, source_roots,"
                + " step_count, client, of_link, lane, queued, repeatable, subscriptions, request_key)"
                + " values (?, ?, ?, ?, 0, 0, ?, ?, ?, 0, 0, 0, 0, 0, 0, 0, 0, '', '', 0, ?, ?, ?, ?, ?, ?, ?)"
                + " on conflict (request_key) where request_key is not null do nothing",
            download.id(),
            download.root(),
            download.zipName(),
            download.state().name(),
            dialect.time(download.created()),
            dialect.time(download.expires()),
            dialect.time(download.expires()),
            preparation.client(),
            preparation.isOfLink() ? 1 : 0,
            preparation.lane().name(),
            isNext ? 1 : 0,
            download.repetition().isAllowed() ? 1 : 0,
            SubscriptionsCodec.encode(subscriptions),
            key);
    if (inserted == 0) {
      return null;
    }
    spool.insert(handle, download.id());
    return isNext;
  }
}
