package org.lading.event;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.lading.error.FaultLog;
import org.lading.event.DeliveryCounts.Ending;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Sends the messages of the outbox, on every node.
 *
 * <p>A node claims the messages that it can send at once, so that no other one sends them, and
 * renews the claims while it does. A claim of a node that was killed ends after {@link #CLAIMED}.
 * What was sent and could not be recorded, since the node was killed or its database failed, is
 * sent again: each message is delivered at least once. The claims of several nodes compare their
 * clocks, which must agree to some seconds.
 */
public final class Delivery {
  private static final Logger log = LoggerFactory.getLogger(Delivery.class);

  /** The time after which other nodes take over the messages of one that was killed. */
  public static final Duration CLAIMED = Duration.ofSeconds(30);

  /** The age from which on a message is given up when a try fails. */
  public static final Duration MAX_AGE = Duration.ofDays(1);

  /** The time that a node tries before it gives up anything: all may have been down for days. */
  private static final Duration MIN_TIME_TRIED = Duration.ofHours(1);

  /** The pause between two searches for messages of one receiver that are too old. */
  private static final Duration OLD_PAUSE = Duration.ofMinutes(1);

  /** The number of threads that a node needs: one for each message sent at once, and two more. */
  public static final int MAX_THREADS = ReceiverLimits.MAX_AT_ONCE + 2;

  private static final int MAX_RECEIVERS = 100;

  /** The number of destinations of one receiver that are looked at in one search. */
  private static final int MAX_DESTINATIONS = 50;

  /** The number of receivers of which it is known which destination had the last turn. */
  private static final int MAX_TURNS = 1000;

  private static final int MAX_OLD = 1000;

  private final Outbox outbox;
  private final Map<Channel, Sender> senders = new EnumMap<>(Channel.class);
  private final Executor threads;
  private final Clock clock;
  private final Duration claimed;
  private final Instant start;
  private final DeliveryCounts counts = new DeliveryCounts();
  private final ReceiverLimits limits = new ReceiverLimits();
  private final Set<Sending> sendings = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean isPolling = new AtomicBoolean();

  /** The last destination of each receiver that had its turn; longest known first. */
  private final Map<Receiver, String> turns =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Receiver, String> eldest) {
          return size() > MAX_TURNS;
        }
      };

  private String after = "";
  private volatile Instant nextOldSearch;
  private boolean isOneFailing;
  private boolean isFailing;
  private volatile boolean isStopping;

  /**
   * Makes a delivery, which does nothing before {@link #wake} is called.
   *
   * @param senders one for each channel of this installation
   * @param threads runs the searches for messages, and sends them; with room for {@link
   *     #MAX_THREADS}
   */
  public Delivery(Outbox outbox, List<Sender> senders, Executor threads, Clock clock) {
    this(outbox, senders, threads, clock, CLAIMED);
  }

  /** As above, with other claims, which are renewed after a third of their time. */
  Delivery(Outbox outbox, List<Sender> senders, Executor threads, Clock clock, Duration claimed) {
    this.outbox = outbox;
    this.claimed = claimed;
    senders.forEach(sender -> this.senders.put(sender.channel(), sender));
    this.threads = threads;
    this.clock = clock;
    this.start = clock.instant();
    this.nextOldSearch = start.plus(MIN_TIME_TRIED);
  }

  /** Returns what became of the messages of this node. */
  public DeliveryCounts counts() {
    return counts;
  }

  /**
   * Has messages sent that are due; to be called once a second, and after some were written.
   * Without senders, only what is too old is looked for, once in a while.
   */
  public void wake() {
    boolean isIdle = senders.isEmpty() && clock.instant().isBefore(nextOldSearch);
    if (isIdle || isStopping || !isPolling.compareAndSet(false, true)) {
      return;
    }
    try {
      threads.execute(this::poll);
    } catch (RejectedExecutionException e) {
      // The application stops.
      isPolling.set(false);
    }
  }

  /** Ends the pauses of a channel, and sends its messages; called when it works again. */
  public void resume(Channel channel) {
    limits.resume(channel);
    wake();
  }

  /** Claims no more messages; those that are being sent go on. */
  public void beginToStop() {
    isStopping = true;
  }

  private synchronized void poll() {
    // A call of wake() from now on has another poll follow this one.
    isPolling.set(false);
    try {
      Instant now = clock.instant();
      if (recordAll() && !isStopping) {
        renew(now);
        limits.forgetOld(now);
        beginAll(now);
        isFailing = false;
      }
    } catch (RuntimeException e) {
      if (!isFailing) {
        FaultLog.warn(log, "Messages cannot be looked for, which is tried again every second", e);
      }
      isFailing = true;
    }
  }

  /** Begins to send what is due, as long as there are threads; the next search goes on there. */
  private void beginAll(Instant now) {
    boolean isOldFound = false;
    boolean isOldSought = !now.isBefore(nextOldSearch);
    boolean isAllWell = true;
    List<Receiver> receivers = receivers(now);
    for (Receiver receiver : receivers) {
      try {
        isOldFound |= isOldSought && giveUpOld(receiver, now);
        begin(receiver, now);
      } catch (RuntimeException e) {
        isAllWell = false;
        failed(receiver, e);
      }
      after = receiver.key();
      if (!limits.isAnyFree()) {
        return;
      }
    }
    isOneFailing &= !isAllWell;
    if (receivers.size() < MAX_RECEIVERS) {
      after = "";
    }
    if (isOldSought && !isOldFound) {
      nextOldSearch = now.plus(OLD_PAUSE);
    }
  }

  /** Logs that the messages of a receiver cannot be read: the others are not held back by them. */
  private void failed(Receiver receiver, RuntimeException e) {
    if (!isOneFailing) {
      FaultLog.warn(
          log, "Messages to " + receiver.name() + " cannot be claimed, which is tried again", e);
    }
    isOneFailing = true;
  }

  private boolean isSendable(Receiver receiver) {
    Sender sender = senders.get(receiver.channel());
    return sender != null && sender.isReady();
  }

  /** Records what was sent and could not be recorded before; false if it still cannot. */
  private boolean recordAll() {
    for (Sending sending : sendings) {
      if (sending.outcome() != null && !record(sending)) {
        return false;
      }
    }
    return true;
  }

  private void renew(Instant now) {
    for (Sending sending : sendings) {
      if (sending.isToBeRenewed(now.minus(claimed.dividedBy(3)))) {
        if (!outbox.renew(sending.claim(), now.plus(claimed))) {
          log.warn("{} may be sent by another node as well", sending);
        }
        sending.renewed(now);
      }
    }
  }

  /** Returns receivers of due messages, beginning after the last one that had its turn. */
  private List<Receiver> receivers(Instant now) {
    List<Receiver> found = new ArrayList<>(outbox.due(after, now, MAX_RECEIVERS));
    if (found.size() < MAX_RECEIVERS && !after.isEmpty()) {
      outbox.due("", now, MAX_RECEIVERS - found.size()).stream()
          .filter(receiver -> receiver.key().compareTo(after) <= 0)
          .forEach(found::add);
    }
    return found;
  }

  private void begin(Receiver receiver, Instant now) {
    Sender sender = senders.get(receiver.channel());
    if (sender != null && sender.isReady()) {
      int free = limits.free(receiver, sender.maxAtOnce(), now);
      if (free > 0) {
        claim(receiver, now, free).forEach(claim -> begin(new Sending(claim, sender, now)));
      }
    }
  }

  /**
   * Claims messages of the destinations of a receiver in turn, so that many messages to one do not
   * hold back the others. If there are many destinations, of which few have due messages, those
   * that are due for longest follow.
   */
  private List<Claim> claim(Receiver receiver, Instant now, int free) {
    String last = turns.getOrDefault(receiver, "");
    Set<String> next = new LinkedHashSet<>(outbox.destinations(receiver, last, MAX_DESTINATIONS));
    boolean isAll = next.size() < MAX_DESTINATIONS;
    if (isAll && !last.isEmpty()) {
      List<String> first = outbox.destinations(receiver, "", MAX_DESTINATIONS);
      isAll = first.size() < MAX_DESTINATIONS;
      next.addAll(first);
    }
    List<String> unpaused =
        next.stream().filter(one -> !limits.isPaused(receiver, one, now)).toList();
    List<Claim> claims =
        new ArrayList<>(outbox.claim(receiver, unpaused, now, now.plus(claimed), free));
    turn(receiver, next, claims, free);
    if (claims.size() < free && !isAll) {
      claims.addAll(outbox.claim(receiver, now, now.plus(claimed), free - claims.size()));
    }
    return claims;
  }

  /** Keeps which destination had the last turn. */
  private void turn(Receiver receiver, Set<String> seen, List<Claim> claims, int free) {
    Set<String> had = new HashSet<>();
    claims.forEach(claim -> had.add(claim.message().destination()));
    String last = "";
    for (String one : seen) {
      last = one;
      if (had.remove(one) && had.isEmpty() && claims.size() == free) {
        break;
      }
    }
    turns.remove(receiver);
    turns.put(receiver, last);
  }

  private void begin(Sending sending) {
    limits.begin(sending.receiver());
    sendings.add(sending);
    try {
      threads.execute(() -> send(sending));
    } catch (RejectedExecutionException e) {
      // The application stops, and the claim ends by itself.
      sendings.remove(sending);
    }
  }

  private void send(Sending sending) {
    sending.send();
    if (record(sending)) {
      wake();
    }
  }

  /** Records the outcome of a try; false, to be tried again, if the outbox fails. */
  private boolean record(Sending sending) {
    synchronized (sending) {
      Outcome outcome = sending.outcome();
      if (outcome == null || !sendings.contains(sending)) {
        return true;
      }
      Instant now = clock.instant();
      try {
        record(sending, outcome, now);
      } catch (RuntimeException e) {
        if (sending.isFirstFailure()) {
          FaultLog.warn(
              log, "What became of " + sending + " is not recorded, which is tried again", e);
        }
        return false;
      }
      sendings.remove(sending);
      limits.end(sending.claim().message(), outcome, now);
      return true;
    }
  }

  private void record(Sending sending, Outcome outcome, Instant now) {
    Claim claim = sending.claim();
    Message message = claim.message();
    switch (outcome.result()) {
      case DELIVERED -> {
        outbox.delivered(claim, now);
        counts.add(message.channel(), Ending.DELIVERED);
      }
      case NEVER -> {
        outbox.giveUp(claim, now, true);
        givenUp(message, outcome.reason());
      }
      case TRY_AGAIN, REFUSED -> {
        Instant end = end(message);
        if (now.isBefore(end)) {
          Instant next = now.plus(sending.pause());
          next = next.isBefore(end) ? next : end;
          outbox.postpone(claim, next);
          counts.add(message.channel(), Ending.FAILED);
          tellOfFailure(sending, outcome, next);
        } else {
          outbox.giveUp(claim, now, false);
          givenUp(message, outcome.reason());
        }
      }
    }
  }

  /** Logs a failed try, of which one alone is no reason to look after it. */
  private static void tellOfFailure(Sending sending, Outcome outcome, Instant next) {
    log.atLevel(sending.claim().message().tries() == 0 ? Level.INFO : Level.WARN)
        .log(
            "{} was not delivered: {}; it is tried again at {}",
            sending,
            outcome.reason(),
            next.truncatedTo(ChronoUnit.SECONDS));
  }

  /** Returns the time from which on a message is given up. */
  private Instant end(Message message) {
    Instant tried = start.plus(MIN_TIME_TRIED);
    Instant old = message.created().plus(MAX_AGE);
    return tried.isAfter(old) ? tried : old;
  }

  /**
   * Gives up messages that are too old, tried or not, where nothing can be sent, or every try has
   * failed for as long; returns whether there were any.
   */
  private boolean giveUpOld(Receiver receiver, Instant now) {
    Instant before = now.minus(MAX_AGE);
    if (!isSendable(receiver) || limits.isFailingSince(receiver, before)) {
      return giveUpOld(receiver, null, now);
    }
    boolean isFound = false;
    for (String destination : limits.refusingSince(receiver, before)) {
      isFound |= giveUpOld(receiver, destination, now);
    }
    return isFound;
  }

  private boolean giveUpOld(Receiver receiver, @Nullable String destination, Instant now) {
    List<Message> old = outbox.removeOld(receiver, destination, now.minus(MAX_AGE), now, MAX_OLD);
    old.forEach(message -> givenUp(message, "it could not be sent in time"));
    return !old.isEmpty();
  }

  private void givenUp(Message message, String reason) {
    counts.add(message.channel(), Ending.GIVEN_UP);
    log.warn("{} is given up: {}", Sending.subject(message), reason);
  }
}
