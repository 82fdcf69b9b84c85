package org.lading.store;

import java.time.Instant;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;
import org.lading.download.Download;
import org.lading.download.DownloadStore;
import org.lading.download.link.LinkStore;
import org.lading.download.link.StoredLink;
import org.lading.manifest.Target;

/** Stores which downloads belong to which links, in SQL that SQLite and PostgreSQL share. */
public final class JdbcLinkStore implements LinkStore {
  private static final String AS_EXPECTED =
      " where key = :key and download_id = :current and next_id is not distinct from :next";

  private final Transactions transactions;
  private final Dialect dialect;
  private final DownloadInsertion insertion;

  /** Makes a store in an open database. */
  public JdbcLinkStore(Database database) {
    this.transactions = new Transactions(database);
    this.dialect = database.dialect();
    this.insertion = new DownloadInsertion(transactions);
  }

  /** Rolls a transaction back: the link is not as it was expected. */
  private static final class ChangedMeanwhileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ChangedMeanwhileException() {
      super("the link was changed meanwhile", null, false, false);
    }
  }

  @Override
  public Optional<StoredLink> find(String key) {
    return transactions.read(
        handle ->
            handle
                .createQuery(
                    "select key, download_id, next_id, checked_at from link where key = :key")
                .bind("key", key)
                .map(
                    (row, context) ->
                        new StoredLink(
                            row.getString("key"),
                            row.getString("download_id"),
                            row.getString("next_id"),
                            Objects.requireNonNull(dialect.time(row, "checked_at"))))
                .findOne());
  }

  @Override
  public Stored insert(
      String key,
      @Nullable StoredLink expected,
      boolean asNext,
      Download download,
      Iterator<Target> targets,
      DownloadStore.Room room) {
    try (TargetSpool spool = TargetSpool.of(targets)) {
      return transactions.write(
          handle -> {
            boolean isNext = insertion.run(handle, download, spool, room);
            if (put(handle, key, expected, asNext, download) == 0) {
              throw new ChangedMeanwhileException();
            }
            return isNext ? Stored.NEXT : Stored.WAITING;
          });
    } catch (ChangedMeanwhileException e) {
      return Stored.NOT;
    }
  }

  private int put(
      Handle handle, String key, @Nullable StoredLink expected, boolean asNext, Download download) {
    if (expected == null) {
      return handle.execute(
          "insert into link (key, download_id, checked_at) values (?, ?, ?)"
              + " on conflict (key) do nothing",
          key,
          download.id(),
          dialect.time(download.created()));
    }
    Update update =
        handle.createUpdate(
            asNext
                ? "update link set next_id = :id" + AS_EXPECTED
                : "update link set download_id = :id, next_id = null, checked_at = :created"
                    + AS_EXPECTED);
    if (!asNext) {
      update.bind("created", dialect.time(download.created()));
    }
    return as(expected, update).bind("id", download.id()).execute();
  }

  private static Update as(StoredLink expected, Update update) {
    return update
        .bind("key", expected.key())
        .bind("current", expected.current())
        .bind("next", expected.next());
  }

  @Override
  public boolean settle(StoredLink expected, boolean takesPlace, Instant checked) {
    String taken = takesPlace ? " download_id = next_id," : "";
    return transactions.write(
            handle ->
                as(
                        expected,
                        handle.createUpdate(
                            "update link set"
                                + taken
                                + " next_id = null, checked_at = :checked"
                                + AS_EXPECTED))
                    .bind("checked", dialect.time(checked))
                    .execute())
        > 0;
  }

  @Override
  public void markChanged(String key, String current) {
    transactions.write(
        handle ->
            handle.execute(
                "update link set checked_at = ? where key = ? and download_id = ?",
                dialect.time(Instant.EPOCH),
                key,
                current));
  }

  @Override
  public void extend(String id, Instant expires) {
    transactions.write(
        handle ->
            handle
                .createUpdate(
                    "update download set expires_at = :expires,"
                        + " due_at = case when due_at < :expires then :expires else due_at end"
                        + " where id = :id and state = :ready and expires_at < :expires")
                .bind("expires", dialect.time(expires))
                .bind("id", id)
                .bind("ready", Download.State.READY.name())
                .execute());
  }
}
