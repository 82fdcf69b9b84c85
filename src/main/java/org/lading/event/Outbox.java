package org.lading.event;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The messages that are not yet delivered. What happens to downloads is written by their store, in
 * the transaction of the change; what belongs to no download is added here. Safe for several
 * threads, and for several nodes on one database. Every method throws {@link
 * org.lading.error.LadingException} with {@code STORAGE_UNAVAILABLE} if the database does not
 * answer.
 *
 * <p>A message is due from its time on, and also if its time is more than {@link #MAX_AHEAD} ahead:
 * the clock was set back. Messages of a kind or channel that this version does not know, as a newer
 * node writes them, are left to those nodes, and hold back those that follow in their stream alone.
 */
public interface Outbox {
  /** The maximum time from now until a message is due, with room for differences of clocks. */
  Duration MAX_AHEAD = Delivery.MAX_AGE.plusHours(1);

  /**
   * Adds a message that belongs to no download.
   *
   * @param stream a name that tells it from all others; nothing happens if a message of that name
   *     to this destination waits already
   */
  void add(String stream, Subscription to, EventKind kind, String body, Instant now);

  /**
   * Returns receivers for which messages are due, in the order of their keys.
   *
   * @param after the key after which to begin
   */
  List<Receiver> due(String after, Instant now, int limit);

  /**
   * Claims due messages of a receiver, the longest due first; of each stream to a destination the
   * first one alone.
   *
   * @param until the time from which on others may claim them, unless it is renewed
   */
  List<Claim> claim(Receiver receiver, Instant now, Instant until, int limit);

  /**
   * Claims due messages as above, of some destinations of a receiver alone: one of each in their
   * order, then a second one of each, and so on.
   */
  List<Claim> claim(
      Receiver receiver, List<String> destinations, Instant now, Instant until, int limit);

  /**
   * Returns destinations of a receiver to which messages wait, whether they are due or not, in an
   * order of the store.
   *
   * @param after the destination after which to begin
   */
  List<String> destinations(Receiver receiver, String after, int limit);

  /** Renews a claim; false, and nothing happens, if it was lost. */
  boolean renew(Claim claim, Instant until);

  /** Removes a message that was delivered; the next one of its stream is due now. */
  void delivered(Claim claim, Instant now);

  /** Ends a claim, and sets the time when the message is due again. */
  void postpone(Claim claim, Instant due);

  /**
   * Removes a message that is given up; the next one of its stream is due now.
   *
   * @param isLast whether those that follow it in its stream are removed as well, and none is
   *     written any more
   */
  void giveUp(Claim claim, Instant now, boolean isLast);

  /**
   * Removes and returns messages of a receiver that are due, among those that are due for longest,
   * if they were created before a time.
   *
   * @param destination the one whose messages are meant alone, or null for all of the receiver
   */
  List<Message> removeOld(
      Receiver receiver,
      @Nullable String destination,
      Instant createdBefore,
      Instant now,
      int limit);

  /**
   * Makes what was claimed until a time due now, and what is tried again until then; for the only
   * node of a database, when it starts.
   */
  void releaseClaims(Instant now, Instant until);

  /** Returns the number of messages of a channel that are not delivered. */
  long waiting(Channel channel);

  /** Returns the time of the event of the oldest message, approximately, or null if none waits. */
  @Nullable Instant oldest();
}
