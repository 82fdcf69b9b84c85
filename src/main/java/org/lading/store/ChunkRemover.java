package org.lading.store;

import java.util.Collection;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.lading.download.Download;

/**
 * Removes what belongs to downloads in short transactions, between which others get at the
 * database, and which an embedded one can hold in memory.
 */
final class ChunkRemover {
  private static final int ENTRIES_AT_ONCE = 50;

  /** They all are large, up to 128 KiB each. */
  private static final int TARGETS_AT_ONCE = 8;

  private static final int SUPERSEDED = -1;

  private final Transactions transactions;

  ChunkRemover(Transactions transactions) {
    this.transactions = transactions;
  }

  /** Removes the entries of downloads that nobody prepares. */
  void entries(Collection<String> ids) {
    int removed;
    do {
      removed = transactions.run(handle -> someEntries(handle, ids));
    } while (removed == ENTRIES_AT_ONCE);
  }

  /** Removes what downloads were asked for. */
  void targets(Collection<String> ids) {
    int removed;
    do {
      removed =
          transactions.run(handle -> some(handle, "target_chunk", "chunk", TARGETS_AT_ONCE, ids));
    } while (removed == TARGETS_AT_ONCE);
  }

  /**
   * Removes the entries that are there when an attempt begins, or has not ended well; false, and
   * what is left stays, if another attempt took its place: they may be that one's.
   */
  boolean entriesOf(Download attempt) {
    List<String> ids = List.of(attempt.id());
    int removed;
    do {
      removed =
          transactions.run(
              handle -> isCurrent(handle, attempt) ? someEntries(handle, ids) : SUPERSEDED);
    } while (removed == ENTRIES_AT_ONCE);
    return removed != SUPERSEDED;
  }

  /** No other attempt begins before the transaction has ended. */
  private static boolean isCurrent(Handle handle, Download attempt) {
    return handle.execute(
            "update download set attempt = attempt where id = ? and attempt = ?",
            attempt.id(),
            attempt.attempt())
        > 0;
  }

  private static int someEntries(Handle handle, Collection<String> ids) {
    return some(handle, "entry_chunk", "first_entry", ENTRIES_AT_ONCE, ids);
  }

  /** Row by row, since H2 finds pairs of a subquery by reading the whole table. */
  private static int some(
      Handle handle, String table, String key, int most, Collection<String> ids) {
    PreparedBatch removal =
        handle
            .prepareBatch("delete from <table> where download_id = ? and <key> = ?")
            .define("table", table)
            .define("key", key);
    handle
        .createQuery(
            "select download_id, <key> from <table> where download_id in (<ids>)" + " limit :most")
        .define("table", table)
        .define("key", key)
        .bindList("ids", ids)
        .bind("most", most)
        .map((row, context) -> removal.add(row.getString(1), row.getLong(2)))
        .list();
    return removal.size() == 0 ? 0 : removal.execute().length;
  }
}
