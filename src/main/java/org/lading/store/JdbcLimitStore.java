package org.lading.store;

import org.lading.limit.LimitStore;
import org.lading.limit.Rate;

/**
 * Stores what clients have used in the database that all nodes share: one row for each client, and
 * one statement for each request.
 */
public final class JdbcLimitStore implements LimitStore {
  /** What is counted from: {@link Rate} says which stored times do not count. */
  private static final String BEGIN =
      "(case when client_use.creates_full_at between :now and :latest"
          + " then client_use.creates_full_at else :now end)";

  private final Transactions transactions;

  /** Makes a store in an open database. */
  public JdbcLimitStore(Database database) {
    this.transactions = new Transactions(database);
  }

  @Override
  public long takeCreate(String client, Rate rate, long now) {
    return transactions.writeUnforced(
        handle ->
            handle
                .createQuery(
                    "insert into client_use (client, creates_full_at) values (:client, :first)"
                        + " on conflict (client) do update set creates_full_at = "
                        + BEGIN
                        + " + :part where "
                        + BEGIN
                        + " + :part <= :most returning creates_full_at")
                .bind("client", client)
                .bind("first", rate.taken(0, now))
                .bind("now", now)
                .bind("latest", rate.latest(now))
                .bind("part", rate.part())
                .bind("most", now + rate.whole())
                .mapTo(Long.class)
                .findOne()
                .orElse(Rate.REFUSED));
  }

  @Override
  public boolean takeBytes(String client, long day, long bytes, long most) {
    return transactions.writeUnforced(
            handle ->
                handle
                    .createUpdate(
                        "insert into client_use (client, day, bytes) values (:client, :day, :bytes)"
                            + " on conflict (client) do update set"
                            + " bytes = case when client_use.day < :day then :bytes"
                            + " else client_use.bytes + :bytes end,"
                            + " day = case when client_use.day < :day then :day"
                            + " else client_use.day end"
                            + " where client_use.day < :day or client_use.bytes < :most")
                    .bind("client", client)
                    .bind("day", day)
                    .bind("bytes", bytes)
                    .bind("most", most)
                    .execute())
        > 0;
  }

  @Override
  public void giveBack(String client, long day, long bytes) {
    transactions.writeUnforced(
        handle ->
            handle
                .createUpdate(
                    "update client_use set bytes = bytes - :bytes"
                        + " where client = :client and day = :day and bytes >= :bytes")
                .bind("client", client)
                .bind("day", day)
                .bind("bytes", bytes)
                .execute());
  }

  @Override
  public long bytes(String client, long day) {
    return transactions.read(
        handle ->
            handle
                .createQuery("select bytes from client_use where client = :client and day >= :day")
                .bind("client", client)
                .bind("day", day)
                .mapTo(Long.class)
                .findOne()
                .orElse(0L));
  }

  @Override
  public long creates(String client) {
    return transactions.read(
        handle ->
            handle
                .createQuery("select creates_full_at from client_use where client = :client")
                .bind("client", client)
                .mapTo(Long.class)
                .findOne()
                .orElse(0L));
  }
}
