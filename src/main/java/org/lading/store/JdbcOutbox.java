package org.lading.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;
import org.lading.event.Channel;
import org.lading.event.Claim;
import org.lading.event.EventKind;
import org.lading.event.Message;
import org.lading.event.Outbox;
import org.lading.event.Receiver;
import org.lading.event.Subscription;

/**
 * Keeps the outbox in a relational database, in SQL that SQLite and PostgreSQL share. What is lost
 * with the machine's power is only that a message was claimed or delivered; it is then sent again.
 */
public final class JdbcOutbox implements Outbox {
  /** The messages of the stream of a claim to its destination. */
  private static final String OF_STREAM =
      " where stream = :stream and channel = :channel and destination = :destination";

  /** The kinds that this version knows; others are left to the nodes that write them. */
  private static final List<String> KINDS =
      Arrays.stream(EventKind.values()).map(Enum::name).toList();

  /** The due messages of a receiver, each as an index finds it. */
  private static final String DUE = " receiver = :receiver and due_at <= :now";

  /** Those that were postponed before the clock was set back. */
  private static final String FAR = " receiver = :receiver and due_at > :far";

  private static final String FIRST_OF_STREAM =
      " and kind in (<kinds>) and not exists (select 1 from message earlier"
          + " where earlier.stream = message.stream"
          + " and earlier.channel = message.channel"
          + " and earlier.destination = message.destination"
          + " and earlier.number < message.number)";

  private final Transactions transactions;
  private final Dialect dialect;
  private final MessageTable table;
  private final Runnable added;

  /** Makes the outbox of an open database. */
  public JdbcOutbox(Database database) {
    this(database, () -> {});
  }

  /**
   * Makes the outbox of an open database.
   *
   * @param added is run when a message was added
   */
  public JdbcOutbox(Database database, Runnable added) {
    this.added = added;
    this.transactions = new Transactions(database);
    this.dialect = database.dialect();
    this.table = new MessageTable(dialect);
  }

  @Override
  public void add(String stream, Subscription to, EventKind kind, String body, Instant now) {
    transactions.write(
        handle -> {
          boolean isNew =
              handle
                  .createQuery("select 1 from message" + OF_STREAM + " limit 1")
                  .bind("stream", stream)
                  .bind("channel", to.channel().name())
                  .bind("destination", to.destination())
                  .mapTo(Integer.class)
                  .findOne()
                  .isEmpty();
          if (isNew) {
            table.write(handle, stream, to, kind, body, now);
          }
          return isNew;
        });
    added.run();
  }

  @Override
  public List<Receiver> due(String after, Instant now, int limit) {
    List<Receiver> known = new ArrayList<>();
    String last = after;
    List<String> keys;
    do {
      keys = dueKeys(last, now, limit - known.size());
      for (String key : keys) {
        last = key;
        Receiver.ofKey(key).ifPresent(known::add);
      }
    } while (!keys.isEmpty() && known.size() < limit);
    return known;
  }

  private List<String> dueKeys(String after, Instant now, int limit) {
    // Steps from one receiver to the next in the index, however many messages each has.
    return transactions.read(
        handle ->
            bind(
                    handle.createQuery(
                        "with recursive next(receiver) as ("
                            + "select min(receiver) from message where receiver > :after"
                            + " union all select (select min(message.receiver) from message"
                            + " where message.receiver > next.receiver)"
                            + " from next where next.receiver is not null)"
                            + " select receiver from next where receiver is not null and (exists ("
                            + "select 1 from message where message.receiver = next.receiver"
                            + " and due_at <= :now) or exists ("
                            + "select 1 from message where message.receiver = next.receiver"
                            + " and due_at > :far)) limit :most"),
                    now)
                .bind("after", after)
                .bind("most", limit)
                .mapTo(String.class)
                .list());
  }

  @Override
  public List<String> destinations(Receiver receiver, String after, int limit) {
    return transactions.read(
        handle ->
            handle
                .createQuery(
                    "with recursive next(destination, step) as ("
                        + "select min(destination), 1 from message"
                        + " where receiver = :receiver and destination > :after"
                        + " union all select (select min(message.destination) from message"
                        + " where message.receiver = :receiver"
                        + " and message.destination > next.destination), step + 1"
                        + " from next where next.destination is not null and step < :most)"
                        + " select destination from next where destination is not null")
                .bind("receiver", receiver.key())
                .bind("after", after)
                .bind("most", limit)
                .mapTo(String.class)
                .list());
  }

  @Override
  public List<Claim> claim(Receiver receiver, Instant now, Instant until, int limit) {
    return transactions.writeUnforced(
        handle -> claimed(handle, firstOfStreams(handle, receiver, null, now, limit), until));
  }

  @Override
  public List<Claim> claim(
      Receiver receiver, List<String> destinations, Instant now, Instant until, int limit) {
    return transactions.writeUnforced(
        handle -> {
          List<List<Claim>> found = new ArrayList<>();
          for (String destination : destinations) {
            List<Claim> due = firstOfStreams(handle, receiver, destination, now, limit);
            if (!due.isEmpty()) {
              found.add(due);
            }
            if (found.size() == limit) {
              break;
            }
          }
          return claimed(handle, inTurns(found, limit), until);
        });
  }

  private static List<Claim> inTurns(List<List<Claim>> found, int limit) {
    return IntStream.range(0, limit)
        .boxed()
        .flatMap(
            turn ->
                found.stream()
                    .filter(claims -> turn < claims.size())
                    .map(claims -> claims.get(turn)))
        .limit(limit)
        .toList();
  }

  private List<Claim> claimed(Handle handle, List<Claim> claims, Instant until) {
    claims.forEach(one -> setDue(handle, one, until, 1));
    return claims;
  }

  private List<Claim> firstOfStreams(
      Handle handle, Receiver receiver, @Nullable String destination, Instant now, int limit) {
    return find(handle, receiver, destination, FIRST_OF_STREAM, now, limit);
  }

  /** Returns due messages, the longest due first; then those that are due too far ahead. */
  private List<Claim> find(
      Handle handle,
      Receiver receiver,
      @Nullable String destination,
      String condition,
      Instant now,
      int limit) {
    List<Claim> found = new ArrayList<>();
    for (String due : List.of(DUE, FAR)) {
      if (found.size() < limit) {
        bind(
                handle.createQuery(
                    "select * from message where"
                        + due
                        + (destination == null ? "" : " and destination = :destination")
                        + condition
                        + " order by due_at limit :most"
                        + dialect.lockFree()),
                now)
            .bindList("kinds", KINDS)
            .bind("receiver", receiver.key())
            .bind("destination", destination)
            .bind("most", limit - found.size())
            .map(this::claim)
            .forEach(found::add);
      }
    }
    return found;
  }

  private <T extends SqlStatement<T>> T bind(T statement, Instant now) {
    return statement.bind("now", dialect.time(now)).bind("far", dialect.time(now.plus(MAX_AHEAD)));
  }

  /** Sets when the stream of a claim is due, and counts tries of its first message. */
  private void setDue(Handle handle, Claim claim, Instant due, int tries) {
    bind(
            handle.createUpdate(
                "update message set due_at = :due,"
                    + " tries = tries + case when number = :number then :more else 0 end"
                    + OF_STREAM),
            claim)
        .bind("due", dialect.time(due))
        .bind("more", tries)
        .execute();
  }

  @Override
  public boolean renew(Claim claim, Instant until) {
    return transactions.writeUnforced(
        handle -> {
          boolean isHeld = isHeld(handle, claim);
          if (isHeld) {
            setDue(handle, claim, until, 0);
          }
          return isHeld;
        });
  }

  private boolean isHeld(Handle handle, Claim claim) {
    return bind(
            handle.createQuery(
                "select 1 from message where number = :number and id = :id and tries = :tries"
                    + dialect.lock()),
            claim)
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  @Override
  public void delivered(Claim claim, Instant now) {
    // Even if the claim was lost: the receiver has the message.
    transactions.writeUnforced(
        handle -> {
          remove(handle, claim);
          setDue(handle, claim, now, 0);
          return true;
        });
  }

  private static void remove(Handle handle, Claim claim) {
    bind(handle.createUpdate("delete from message where number = :number and id = :id"), claim)
        .execute();
  }

  @Override
  public void postpone(Claim claim, Instant due) {
    renew(claim, due);
  }

  @Override
  public void giveUp(Claim claim, Instant now, boolean isLast) {
    transactions.writeUnforced(
        handle -> {
          if (isLast) {
            // The download first, as its store does: else two transactions wait for each other.
            table.unsubscribe(handle, claim.message());
            bind(handle.createUpdate("delete from message" + OF_STREAM), claim).execute();
          } else {
            remove(handle, claim);
            setDue(handle, claim, now, 0);
          }
          return true;
        });
  }

  @Override
  public List<Message> removeOld(
      Receiver receiver,
      @Nullable String destination,
      Instant createdBefore,
      Instant now,
      int limit) {
    return transactions.writeUnforced(
        handle -> {
          List<Claim> old =
              find(handle, receiver, destination, " and kind in (<kinds>)", now, limit).stream()
                  .filter(one -> one.message().created().isBefore(createdBefore))
                  .toList();
          old.forEach(one -> remove(handle, one));
          return old.stream().map(Claim::message).toList();
        });
  }

  @Override
  public void releaseClaims(Instant now, Instant until) {
    transactions.writeUnforced(
        handle ->
            handle.execute(
                "update message set due_at = ? where due_at > ? and due_at <= ? and tries > 0",
                dialect.time(now),
                dialect.time(now),
                dialect.time(until)));
  }

  @Override
  public long waiting(Channel channel) {
    return transactions.read(
        handle ->
            handle
                .createQuery(
                    "select count(*) from message where receiver > :first and receiver < :last")
                .bind("first", channel.name() + " ")
                .bind("last", channel.name() + "!")
                .mapTo(Long.class)
                .one());
  }

  @Override
  public @Nullable Instant oldest() {
    return transactions.read(
        handle ->
            handle
                .createQuery("select created_at from message order by number limit 1")
                .map((row, context) -> dialect.time(row, "created_at"))
                .findOne()
                .orElse(null));
  }

  private static <T extends SqlStatement<T>> T bind(T statement, Claim claim) {
    Message message = claim.message();
    return statement
        .bind("number", claim.number())
        .bind("id", message.id())
        .bind("tries", message.tries() + 1)
        .bind("stream", message.stream())
        .bind("channel", message.channel().name())
        .bind("destination", message.destination());
  }

  private Claim claim(ResultSet row, StatementContext context) throws SQLException {
    return new Claim(
        row.getLong("number"),
        new Message(
            row.getString("id"),
            row.getString("stream"),
            Channel.valueOf(row.getString("channel")),
            row.getString("destination"),
            EventKind.valueOf(row.getString("kind")),
            row.getString("context"),
            row.getString("body"),
            Objects.requireNonNull(dialect.time(row, "created_at")),
            row.getInt("tries")));
  }
}
