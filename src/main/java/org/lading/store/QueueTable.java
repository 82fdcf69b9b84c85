package org.lading.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.lading.download.Download;
import org.lading.download.Download.State;
import org.lading.download.DownloadStore.Waiting;
import org.lading.download.DownloadStore.WaitingClient;
import org.lading.download.Lane;

/**
 * The columns of a download that say whether it is queued for its preparation, or waits until
 * others of its client are settled.
 */
final class QueueTable {
  private final Transactions transactions;
  private final Dialect dialect;

  QueueTable(Transactions transactions) {
    this.dialect = transactions.dialect();
    this.transactions = transactions;
  }

  /** Returns the number of downloads of a client that are queued in a lane and not settled. */
  int count(Handle handle, String client, Lane lane) {
    return of(
            client,
            lane,
            handle.createQuery(
                "select count(*) from download where state in (:pending, :running)"
                    + " and client = :client and lane = :lane and queued = 1"))
        .bind("running", State.CREATING_MANIFEST.name())
        .mapTo(Integer.class)
        .one();
  }

  /** Returns the number of downloads of a client that are not settled, whatever their lane. */
  int unsettled(String client) {
    return transactions.read(handle -> unsettled(handle, client));
  }

  /** As above, within a transaction. */
  int unsettled(Handle handle, String client) {
    return handle
        .createQuery(
            "select count(*) from download where state in (:pending, :running)"
                + " and client = :client")
        .bind("pending", State.PENDING.name())
        .bind("running", State.CREATING_MANIFEST.name())
        .bind("client", client)
        .mapTo(Integer.class)
        .one();
  }

  /** Stores the number of steps of a running attempt, as {@link JdbcDownloadStore#saveSteps}. */
  boolean saveSteps(Download attempt) {
    return transactions.writeUnforced(
            handle ->
                handle
                    .createUpdate(
                        "update download set step_count = :steps"
                            + " where id = :id and attempt = :attempt and state = :running")
                    .bind("steps", attempt.preparation().steps())
                    .bind("id", attempt.id())
                    .bind("attempt", attempt.attempt())
                    .bind("running", State.CREATING_MANIFEST.name())
                    .execute())
        > 0;
  }

  /** Takes the downloads that have waited longest, as {@link JdbcDownloadStore#takeWaiting}. */
  List<String> takeWaiting(String client, Lane lane, int share) {
    List<String> waiting = transactions.read(handle -> waiting(handle, client, lane, share));
    return waiting.isEmpty()
        ? waiting
        : transactions.writeUnforced(
            handle -> {
              int free = share - count(handle, client, lane);
              List<String> taken = free <= 0 ? List.of() : waiting(handle, client, lane, free);
              if (!taken.isEmpty()) {
                handle
                    .createUpdate("update download set queued = 1 where id in (<ids>)")
                    .bindList("ids", taken)
                    .execute();
              }
              return taken;
            });
  }

  private static List<String> waiting(Handle handle, String client, Lane lane, int most) {
    return of(
            client,
            lane,
            handle.createQuery(
                "select id from download where state = :pending and client = :client"
                    + " and lane = :lane and queued = 0 order by created_at limit :most"))
        .bind("most", most)
        .mapTo(String.class)
        .list();
  }

  /** Returns clients of which downloads wait, as {@link JdbcDownloadStore#waitingClients}. */
  List<WaitingClient> waitingClients(int most) {
    return transactions.read(
        handle ->
            handle
                .createQuery(
                    "select distinct client, lane from download"
                        + " where state = :pending and queued = 0 limit :most")
                .bind("pending", State.PENDING.name())
                .bind("most", most)
                .map(
                    (row, context) ->
                        new WaitingClient(row.getString(1), Lane.valueOf(row.getString(2))))
                .list());
  }

  /** Returns what waits in each lane, as {@link JdbcDownloadStore#waiting}. */
  Map<Lane, Waiting> waiting() {
    Map<Lane, Waiting> lanes = new EnumMap<>(Lane.class);
    transactions.read(
        handle ->
            handle
                .createQuery(
                    "select lane, count(*) as waiting, min(created_at) as oldest from download"
                        + " where state = :pending group by lane")
                .bind("pending", State.PENDING.name())
                .map((row, context) -> lanes.put(Lane.valueOf(row.getString("lane")), waiting(row)))
                .list());
    return lanes;
  }

  private Waiting waiting(ResultSet row) throws SQLException {
    Instant oldest = Objects.requireNonNull(dialect.time(row, "oldest"));
    return new Waiting(row.getLong("waiting"), oldest);
  }

  private static <T extends SqlStatement<T>> T of(String client, Lane lane, T statement) {
    return statement
        .bind("pending", State.PENDING.name())
        .bind("client", client)
        .bind("lane", lane.name());
  }
}
