package org.lading.store;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;
import org.lading.download.Download;
import org.lading.download.Download.State;
import org.lading.download.DownloadStore;
import org.lading.download.DownloadStore.Place;
import org.lading.download.DownloadStore.Shown;
import org.lading.error.Failure;
import org.lading.event.EventKind;

/** Lists the downloads of clients, and ends downloads whatever attempt is running. */
final class ClientDownloads {
  private final Transactions transactions;
  private final Dialect dialect;
  private final DownloadRowMapper rows;
  private final MessageTable messages;
  private final Runnable messagesWritten;

  ClientDownloads(
      Transactions transactions,
      DownloadRowMapper rows,
      MessageTable messages,
      Runnable messagesWritten) {
    this.transactions = transactions;
    this.dialect = transactions.dialect();
    this.rows = rows;
    this.messages = messages;
    this.messagesWritten = messagesWritten;
  }

  /** Lists downloads, as {@link JdbcDownloadStore#ofClient}. */
  List<Download> list(
      String client, @Nullable Shown shown, @Nullable Place before, Instant now, int most) {
    String condition = shown == null ? "" : condition(shown);
    // The row values are those of the index, in its order.
    String place = before == null ? "" : " and (created_at, id) < (:created, :id)";
    String sql =
        "select * from download where client = :client and of_link = 0%s%s"
                .formatted(condition, place)
            + " order by created_at desc, id desc limit :most";
    return transactions.read(
        handle -> {
          Query query = handle.createQuery(sql).bind("client", client).bind("most", most);
          if (shown != null) {
            query.bind("state", shown.state().name()).bind("now", dialect.time(now));
          }
          if (before != null) {
            query.bind("created", dialect.time(before.created())).bind("id", before.id());
          }
          return query.map(rows).list();
        });
  }

  private static String condition(Shown shown) {
    return switch (shown.state()) {
      case EXPIRED -> " and (state = :state or expires_at <= :now)";
      case READY ->
          " and state = :state and expires_at > :now and changes is"
              + (shown.isChanged() ? " not null" : " null");
      default -> " and state = :state and expires_at > :now";
    };
  }

  /** Ends the time of a download, as {@link JdbcDownloadStore#expireEarly}. */
  boolean expireEarly(String id, Failure reason, Instant now, Instant keptUntil) {
    boolean isEnded =
        transactions.write(
            handle -> {
              messages.writeRemovals(handle, List.of(id), "expires_at > :now", now);
              return expireEarly(handle, id, reason, now, keptUntil) > 0;
            });
    messagesWritten.run();
    return isEnded;
  }

  private int expireEarly(
      Handle handle, String id, Failure reason, Instant now, Instant keptUntil) {
    return handle
        .createUpdate(
            "update download set failure = :failure, expires_at = :now,"
                + " settled_at = coalesce(settled_at, :now),"
                // A running attempt has the number before.
                + " attempt = case when state = :ready then attempt else attempt + 1 end,"
                + " due_at = case when state <> :ready then :now"
                + " when due_at > expires_at and due_at > :kept then due_at"
                + " else :kept end,"
                + " state = case when state = :ready then state else :expired end"
                + " where id = :id and state <> :expired and expires_at > :now")
        .bind("failure", FailureCodec.encode(reason))
        .bind("now", dialect.time(now))
        .bind("kept", dialect.time(keptUntil))
        .bind("ready", State.READY.name())
        .bind("expired", State.EXPIRED.name())
        .bind("id", id)
        .execute();
  }

  /** Ends the time of downloads over a limit, as {@link JdbcDownloadStore#expireExcess}. */
  int expireExcess(DownloadStore.Excess excess, Failure reason, Instant now, Instant keptUntil) {
    return excess(excess, now).stream()
        .mapToInt(id -> expireEarly(id, reason, now, keptUntil) ? 1 : 0)
        .sum();
  }

  private List<String> excess(DownloadStore.Excess excess, Instant now) {
    return transactions.read(
        handle ->
            handle
                .createQuery(
                    "select id from (select id, row_number() over kept as place,"
                        + " sum(entry_count) over kept as entries from download"
                        + " where client = :client and expires_at > :now"
                        + " and state in (:ready, :failed, :missing)"
                        + " window kept as (order by case when state = :ready then 0 else 1 end,"
                        + " expires_at desc, id)) as ranked"
                        + " where place > :downloads or (place > 1 and entries > :entries)")
                .bind("client", excess.client())
                .bind("now", dialect.time(now))
                .bind("ready", State.READY.name())
                .bind("failed", State.FAILED.name())
                .bind("missing", State.MISSING_OR_INVALID_TARGETS.name())
                .bind("downloads", excess.maxDownloads())
                .bind("entries", excess.maxEntries())
                .mapTo(String.class)
                .list());
  }

  /** Fails a download, as {@link JdbcDownloadStore#fail}. */
  boolean fail(String id, Failure reason, Instant now) {
    boolean isFailed =
        transactions.write(
            handle -> {
              List<MessageTable.Told> failed = fail(handle, id, reason, now);
              failed.forEach(one -> messages.write(handle, one, channel -> EventKind.FAILED, now));
              return !failed.isEmpty();
            });
    messagesWritten.run();
    return isFailed;
  }

  private List<MessageTable.Told> fail(Handle handle, String id, Failure reason, Instant now) {
    return handle
        .createQuery(
            "update download set attempt = attempt + 1, state = :failed,"
                + " settled_at = :now, failure = :failure"
                + " where id = :id and state in (:running, :pending)"
                + " returning id, subscriptions")
        .bind("failed", State.FAILED.name())
        .bind("now", dialect.time(now))
        .bind("failure", FailureCodec.encode(reason))
        .bind("id", id)
        .bind("running", State.CREATING_MANIFEST.name())
        .bind("pending", State.PENDING.name())
        .map(MessageTable::told)
        .list();
  }
}
