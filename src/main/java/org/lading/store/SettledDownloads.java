package org.lading.store;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;
import org.lading.download.Download.State;
import org.lading.download.DownloadStore.StoredCount;
import org.lading.manifest.SourceChanges;

/** Stores what is learnt of downloads after they were settled, and finds what they need. */
final class SettledDownloads {
  private final Transactions transactions;

  SettledDownloads(Transactions transactions) {
    this.transactions = transactions;
  }

  /** Adds changes, as {@link org.lading.download.DownloadStore#addChanges}. */
  boolean addChanges(String id, SourceChanges found) {
    return transactions.write(
        handle -> {
          // Takes the lock of the row, so that of two nodes one sees what the other has found.
          boolean isReady =
              handle.execute(
                      "update download set attempt = attempt where id = ? and state = ?",
                      id,
                      State.READY.name())
                  > 0;
          return isReady && merge(handle, id, found);
        });
  }

  private static boolean merge(Handle handle, String id, SourceChanges found) {
    Optional<SourceChanges> known =
        handle
            .createQuery("select changes from download where id = :id")
            .bind("id", id)
            .map((row, context) -> SourceChangesCodec.decode(row.getBytes(1)))
            .findOne();
    SourceChanges all = known.map(earlier -> earlier.and(found)).orElse(found);
    return !all.equals(known.orElse(null))
        && handle.execute(
                "update download set changes = ? where id = ?", SourceChangesCodec.encode(all), id)
            > 0;
  }

  /** See {@link org.lading.download.DownloadStore#setSuccessor}. */
  boolean setSuccessor(String id, @Nullable String expected, String successor) {
    String condition = expected == null ? "successor is null" : "successor = :expected";
    return transactions.write(
            handle -> {
              Update update =
                  handle
                      .createUpdate(
                          "update download set successor = :successor where id = :id and "
                              + condition)
                      .bind("id", id)
                      .bind("successor", successor);
              if (expected != null) {
                update.bind("expected", expected);
              }
              return update.execute();
            })
        > 0;
  }

  /** See {@link org.lading.download.DownloadStore#storedCounts}. */
  List<StoredCount> storedCounts(String after, int most) {
    return transactions.read(
        handle ->
            handle
                .createQuery(
                    "select id, attempt, stored_count from download where id > :after"
                        + " and state = :ready and stored_count > 0 order by id limit :most")
                .bind("after", after)
                .bind("ready", State.READY.name())
                .bind("most", most)
                .map(
                    (row, context) ->
                        new StoredCount(row.getString(1), row.getInt(2), row.getLong(3)))
                .list());
  }
}
