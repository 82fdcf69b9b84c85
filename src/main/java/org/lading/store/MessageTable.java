package org.lading.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;
import org.lading.base.Digests;
import org.lading.download.Download.State;
import org.lading.event.Channel;
import org.lading.event.EventKind;
import org.lading.event.Message;
import org.lading.event.Receiver;
import org.lading.event.Subscription;

/** Writes messages into the outbox, within the transactions of callers. */
final class MessageTable {
  private final Dialect dialect;

  MessageTable(Dialect dialect) {
    this.dialect = dialect;
  }

  /** Who is told of a download. */
  record Told(String id, List<Subscription> subscriptions) {}

  /** Maps the columns {@code id, subscriptions}. */
  static Told told(ResultSet row, StatementContext context) throws SQLException {
    return new Told(row.getString(1), SubscriptionsCodec.decode(row.getBytes(2)));
  }

  /**
   * Writes the messages about a change of a download.
   *
   * @param kind gives the kind of message for a channel
   */
  void write(Handle handle, Told told, Function<Channel, EventKind> kind, Instant now) {
    for (Subscription to : told.subscriptions()) {
      EventKind one = kind.apply(to.channel());
      if (to.channel().carries(one)) {
        write(handle, told.id(), to, one, null, now);
      }
    }
  }

  /**
   * Writes that the time of downloads is up, before their rows say so. Of those that failed, or
   * were removed before their time was up, that was written.
   *
   * @param condition which of them, by {@code :now}
   */
  void writeRemovals(Handle handle, Collection<String> ids, String condition, Instant now) {
    record Removed(Told told, State state) {}
    handle
        .createQuery(
            "select id, subscriptions, state from download where id in (<ids>)"
                + " and subscriptions is not null and "
                + condition
                + " and (state in (:pending, :running) or state = :ready and failure is null)"
                + dialect.lock())
        .bindList("ids", ids)
        .bind("now", dialect.time(now))
        .bind("pending", State.PENDING.name())
        .bind("running", State.CREATING_MANIFEST.name())
        .bind("ready", State.READY.name())
        .map((row, context) -> new Removed(told(row, context), State.valueOf(row.getString(3))))
        .list()
        .forEach(
            one ->
                write(
                    handle,
                    one.told(),
                    channel -> one.state() == State.READY ? EventKind.EXPIRED : channel.removal(),
                    now));
  }

  /** Writes a message. It is due with those that precede it, since they are sent in order. */
  void write(
      Handle handle,
      String stream,
      Subscription to,
      EventKind kind,
      @Nullable String body,
      Instant now) {
    handle
        .createUpdate(
            "insert into message"
                + " (id, stream, channel, destination, receiver, kind, context, body, created_at,"
                + " tries, due_at)"
                + " values (:id, :stream, :channel, :destination, :receiver, :kind, :context, :body,"
                + " :now, 0, :due)")
        .bind("id", id(stream, to, kind))
        .bind("stream", stream)
        .bind("channel", to.channel().name())
        .bind("destination", to.destination())
        .bind("receiver", Receiver.of(to.channel(), to.destination()).key())
        .bind("kind", kind.name())
        .bind("context", to.context())
        .bind("body", body)
        .bind("now", dialect.time(now))
        .bind("due", dialect.time(dueWithEarlier(handle, stream, to).orElse(now)))
        .execute();
  }

  /**
   * Returns when the first message of a stream to a destination is due, which nobody may remove
   * until the transaction ends: who removes it then sees the message that follows, and makes it
   * due.
   */
  private Optional<Instant> dueWithEarlier(Handle handle, String stream, Subscription to) {
    return handle
        .createQuery(
            "select due_at from message where stream = :stream and channel = :channel"
                + " and destination = :destination order by number limit 1"
                + dialect.lock())
        .bind("stream", stream)
        .bind("channel", to.channel().name())
        .bind("destination", to.destination())
        .map((row, context) -> Objects.requireNonNull(dialect.time(row, "due_at")))
        .findOne();
  }

  /** Makes an id that does not tell that of the download. */
  private static String id(String stream, Subscription to, EventKind kind) {
    MessageDigest digest = Digests.sha256();
    for (String part :
        List.of(stream, to.channel().name(), to.destination(), to.context(), kind.name())) {
      digest.update(part.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
    }
    return "msg_"
        + Base64.getUrlEncoder().withoutPadding().encodeToString(digest.digest()).substring(0, 24);
  }

  /** Removes the destination of a message from those that are told of its download. */
  void unsubscribe(Handle handle, Message message) {
    handle
        .createQuery("select id, subscriptions from download where id = :id" + dialect.lock())
        .bind("id", message.stream())
        .map(MessageTable::told)
        .list()
        .forEach(
            told ->
                handle.execute(
                    "update download set subscriptions = ? where id = ?",
                    SubscriptionsCodec.encode(
                        told.subscriptions().stream()
                            .filter(
                                one ->
                                    one.channel() != message.channel()
                                        || !one.destination().equals(message.destination()))
                            .toList()),
                    told.id()));
  }

  /** Removes the messages about downloads. */
  static void delete(Handle handle, Collection<String> downloads) {
    handle
        .createUpdate("delete from message where stream in (<ids>)")
        .bindList("ids", downloads)
        .execute();
  }
}
