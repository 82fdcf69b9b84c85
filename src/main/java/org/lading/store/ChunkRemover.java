package org.lading.store;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.lading.download.Download;

/**
 * Removes the entries, literals and targets of downloads in short transactions: others can use the
 * database between them, and an embedded one can hold each in memory.
 */
final class ChunkRemover {
  private static final int ENTRIES_AT_ONCE = 50;

  /**
   * The number of rows of targets or literals that one transaction removes: few, since rows have up
   * to 128 KiB.
   */
  private static final int TARGETS_AT_ONCE = 8;

  private final Transactions transactions;

  ChunkRemover(Transactions transactions) {
    this.transactions = transactions;
  }

  /** Removes the entries of downloads that no attempt is preparing. */
  void entries(Collection<String> ids) {
    boolean isMore;
    do {
      isMore = transactions.write(handle -> removeSomeEntries(handle, ids));
    } while (isMore);
  }

  /** Removes the targets of downloads. */
  void targets(Collection<String> ids) {
    boolean isMore;
    do {
      isMore = transactions.write(handle -> removeSomeTargets(handle, ids));
    } while (isMore);
  }

  /** Removes the literals of downloads that no attempt is preparing. */
  void literals(Collection<String> ids) {
    boolean isMore;
    do {
      isMore = transactions.write(handle -> removeSomeLiterals(handle, ids));
    } while (isMore);
  }

  /**
   * Removes the entries and literals that exist when an attempt begins, or when it has failed.
   * Returns false, and leaves the rest, if a later attempt has begun, whose they may be.
   */
  boolean entriesOf(Download attempt) {
    List<String> ids = List.of(attempt.id());
    AtomicBoolean isCurrent = new AtomicBoolean();
    boolean isMore;
    do {
      isMore =
          transactions.write(
              handle -> {
                isCurrent.set(isCurrent(handle, attempt));
                return isCurrent.get() && removeSomeContents(handle, ids);
              });
    } while (isMore);
    return isCurrent.get();
  }

  /**
   * Returns whether an attempt is the current one; no other one begins until the transaction ends.
   */
  private static boolean isCurrent(Handle handle, Download attempt) {
    return handle.execute(
            "update download set attempt = attempt where id = ? and attempt = ?",
            attempt.id(),
            attempt.attempt())
        > 0;
  }

  /** Removes some entries and literals of downloads, and returns whether there may be more. */
  static boolean removeSomeContents(Handle handle, Collection<String> ids) {
    boolean isMore = removeSomeEntries(handle, ids);
    return removeSomeLiterals(handle, ids) || isMore;
  }

  private static boolean removeSomeEntries(Handle handle, Collection<String> ids) {
    return removeSome(handle, "entry_chunk", "first_entry", ENTRIES_AT_ONCE, ids);
  }

  private static boolean removeSomeLiterals(Handle handle, Collection<String> ids) {
    return removeSome(handle, "literal_chunk", "chunk", TARGETS_AT_ONCE, ids);
  }

  /** Removes some targets of downloads, and returns whether there may be more. */
  static boolean removeSomeTargets(Handle handle, Collection<String> ids) {
    return removeSome(handle, "target_chunk", "chunk", TARGETS_AT_ONCE, ids);
  }

  /** The key of a row. */
  private record ChunkKey(String id, long number) {}

  /** Removes some rows one by one, by their keys. */
  private static boolean removeSome(
      Handle handle, String table, String key, int most, Collection<String> ids) {
    List<ChunkKey> found = find(handle, table, key, most, ids);
    if (found.isEmpty()) {
      return false;
    }
    PreparedBatch removal =
        handle
            .prepareBatch("delete from <table> where download_id = ? and <key> = ?")
            .define("table", table)
            .define("key", key);
    found.forEach(one -> removal.add(one.id(), one.number()));
    int removed = IntStream.of(removal.execute()).sum();
    // Another node may have removed them; but those that stay would be found for ever.
    if (removed == 0 && find(handle, table, key, most, ids).contains(found.get(0))) {
      throw new IllegalStateException(
          "The table " + table + " is damaged: its rows of " + ids + " cannot be removed");
    }
    return found.size() == most;
  }

  private static List<ChunkKey> find(
      Handle handle, String table, String key, int most, Collection<String> ids) {
    return handle
        .createQuery(
            "select download_id, <key> from <table> where download_id in (<ids>) limit :most")
        .define("table", table)
        .define("key", key)
        .bindList("ids", ids)
        .bind("most", most)
        .map((row, context) -> new ChunkKey(row.getString(1), row.getLong(2)))
        .list();
  }
}
