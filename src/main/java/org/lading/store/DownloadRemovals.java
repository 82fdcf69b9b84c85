package org.lading.store;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.lading.download.Download;
import org.lading.download.Download.State;

/** Expires downloads, and removes them. */
final class DownloadRemovals {
  private final Transactions transactions;
  private final Dialect dialect;
  private final DownloadRowMapper rows;
  private final ChunkRemover chunkRemover;
  private final MessageTable messages;
  private final Runnable messagesWritten;

  DownloadRemovals(
      Transactions transactions,
      DownloadRowMapper rows,
      ChunkRemover chunkRemover,
      MessageTable messages,
      Runnable messagesWritten) {
    this.transactions = transactions;
    this.dialect = transactions.dialect();
    this.rows = rows;
    this.chunkRemover = chunkRemover;
    this.messages = messages;
    this.messagesWritten = messagesWritten;
  }

  /** Protects a download, as {@link JdbcDownloadStore#hold}. */
  boolean hold(String id, Instant until) {
    return transactions.write(
        handle -> {
          handle.execute(
              "update download set due_at = ? where id = ? and state = ? and due_at < ?",
              dialect.time(until),
              id,
              State.READY.name(),
              dialect.time(until));
          return handle
              .createQuery("select 1 from download where id = :id and state = :ready")
              .bind("id", id)
              .bind("ready", State.READY.name())
              .mapTo(Integer.class)
              .findOne()
              .isPresent();
        });
  }

  /** Returns what is due, as {@link JdbcDownloadStore#due}. */
  List<Download> due(Instant now, int most) {
    return transactions.read(
        handle ->
            handle
                .createQuery(
                    "select * from download where due_at <= :now" + " order by due_at limit :most")
                .bind("now", dialect.time(now))
                .bind("most", most)
                .map(rows)
                .list());
  }

  /** Expires what is due, as {@link JdbcDownloadStore#expire}. */
  List<Download> expire(List<Download> due, Instant now) {
    if (due.isEmpty()) {
      return due;
    }
    List<Download> expired =
        transactions.write(
            handle -> {
              messages.writeRemovals(handle, ids(due), "due_at <= :now", now);
              handle
                  .createUpdate(
                      "update download set state = :expired"
                          + " where id in (<ids>) and due_at <= :now")
                  .bind("expired", State.EXPIRED.name())
                  .bindList("ids", ids(due))
                  .bind("now", dialect.time(now))
                  .execute();
              return JdbcDownloadStore.find(handle, ids(due), rows).stream()
                  .filter(one -> one.state() == State.EXPIRED)
                  .toList();
            });
    messagesWritten.run();
    return expired;
  }

  /** Removes contents, as {@link JdbcDownloadStore#removeContents}. */
  void removeContents(List<Download> expired) {
    if (!expired.isEmpty()) {
      chunkRemover.entries(ids(expired));
      chunkRemover.literals(ids(expired));
      chunkRemover.targets(ids(expired));
    }
  }

  /** Sets when removals are due, as {@link JdbcDownloadStore#setDue}. */
  void setDue(List<Download> downloads, Instant when) {
    if (!downloads.isEmpty()) {
      transactions.write(
          handle ->
              handle
                  .createUpdate("update download set due_at = :when where id in (<ids>)")
                  .bind("when", dialect.time(when))
                  .bindList("ids", ids(downloads))
                  .execute());
    }
  }

  /** Removes one that nobody knows of, as {@link JdbcDownloadStore#discard}. */
  boolean discard(String id) {
    // Targets of one that nobody is told of go first, in small transactions; see delete().
    boolean isUnknown =
        transactions.read(
            handle ->
                handle
                    .createQuery(
                        "select 1 from download where id = :id and subscriptions is not null")
                    .bind("id", id)
                    .mapTo(Integer.class)
                    .findOne()
                    .isEmpty());
    if (isUnknown) {
      delete(List.of(id));
    }
    return isUnknown;
  }

  /** Removes downloads, as {@link JdbcDownloadStore#delete}. */
  void delete(Collection<String> ids) {
    if (!ids.isEmpty()) {
      chunkRemover.targets(ids);
      transactions.write(
          handle -> {
            int deleted =
                handle
                    .createUpdate("delete from download where id in (<ids>)")
                    .bindList("ids", ids)
                    .execute();
            MessageTable.delete(handle, ids);
            return deleted;
          });
    }
  }

  private static List<String> ids(List<Download> downloads) {
    return downloads.stream().map(Download::id).toList();
  }
}
