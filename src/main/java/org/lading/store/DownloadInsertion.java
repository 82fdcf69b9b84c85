package org.lading.store;

import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.lading.download.Download;
import org.lading.download.DownloadStore;
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
  boolean run(Handle handle, Download download, TargetSpool spool, DownloadStore.Room room) {
    return Boolean.TRUE.equals(run(handle, download, spool, List.of(), null, room));
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
      DownloadStore.Room room) {
    Download.Preparation preparation = download.preparation();
    boolean isNext = queue.count(handle, preparation.client(), preparation.lane()) < room.share();
    int inserted =
        handle.execute(
            "insert into download (id, root, zip_name, state, attempt, failures, created_at,"
                + " expires_at, due_at, entry_count, file_count, byte_count, stored_count, mod_zip_length,"
                + " archive_length, end_offset, end_central, fingerprint, source_roots,"
                + " step_count, client, of_link, lane, queued, repeatable, subscriptions, request_key, subject)"
                + " values (?, ?, ?, ?, 0, 0, ?, ?, ?, 0, 0, 0, 0, 0, 0, 0, 0, '', '', 0, ?, ?, ?, ?, ?, ?, ?, ?)"
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
            key,
            preparation.subject());
    if (inserted == 0) {
      return null;
    }
    requireRoom(handle, download, room);
    spool.insert(handle, download.id());
    return isNext;
  }

  /**
   * Rolls the transaction back if the client has too many downloads now. Its row is locked until
   * the transaction ends: so inserts on several nodes count one after another.
   */
  private void requireRoom(Handle handle, Download download, DownloadStore.Room room) {
    if (room.unsettled() == DownloadStore.Room.NO_LIMIT) {
      return;
    }
    String client = download.preparation().client();
    handle.execute(
        "insert into client_use (client) values (?)"
            + " on conflict (client) do update set client = excluded.client",
        client);
    if (queue.unsettled(handle, client) > room.unsettled()) {
      throw room.isFull(client, download.created());
    }
  }
}
