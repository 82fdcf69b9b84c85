package org.lading.event;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides how many messages a node sends to each receiver at once. A receiver that has failed
 * several times in a row is tried with one message at a time, and with growing pauses, so that a
 * million messages to it neither take the threads of the others nor are each tried in vain. A
 * destination that refuses messages, while its receiver works, is left out of the turns for such
 * pauses, and others of the receiver are not. Safe for several threads.
 */
final class ReceiverLimits {
  /** The maximum number of messages that a node sends at once to all receivers. */
  static final int MAX_AT_ONCE = 32;

  /** The part of these that receivers may have that failed several times. */
  private static final int MAX_AT_ONCE_TO_FAILING = MAX_AT_ONCE / 2;

  /** The number of failures in a row after which a receiver is failing, rather than a message. */
  private static final int MIN_FAILURES = 4;

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration MAX_PAUSE = Duration.ofMinutes(1);

  /** The maximum pause that a destination can ask for. */
  private static final Duration MAX_ASKED_PAUSE = Duration.ofHours(1);

  /** The maximum number of destinations of which it is known that they refuse messages. */
  private static final int MAX_REFUSING = 1000;

  /** What is known of a receiver or destination; of one that works and is sent nothing, nothing. */
  private static final class State {
    private int active;
    private int failures;
    private Instant firstFailure = Instant.MAX;
    private Instant lastFailure = Instant.MIN;
    private Duration pause = Duration.ZERO;

    boolean isFailing() {
      return failures >= MIN_FAILURES;
    }

    boolean isFailingSince(Instant time) {
      return isFailing() && !firstFailure.isAfter(time);
    }

    void fail(@Nullable Duration asked, Instant now) {
      if (failures++ == 0) {
        firstFailure = now;
      }
      lastFailure = now;
      int doublings = Math.min(failures - MIN_FAILURES, 6);
      pause =
          isFailing() ? min(FIRST_PAUSE.multipliedBy(1L << doublings), MAX_PAUSE) : Duration.ZERO;
      if (asked != null && asked.compareTo(pause) > 0) {
        pause = min(asked, MAX_ASKED_PAUSE);
      }
    }

    void succeed() {
      failures = 0;
      firstFailure = Instant.MAX;
      pause = Duration.ZERO;
    }

    /** Returns whether a pause lasts; not if it began in the future, and the clock was set back. */
    boolean isPaused(Instant now) {
      return !pause.isZero()
          && now.isBefore(lastFailure.plus(pause))
          && now.isAfter(lastFailure.minus(MAX_PAUSE));
    }

    boolean isOld(Instant now) {
      return active == 0 && lastFailure.isBefore(now.minus(MAX_ASKED_PAUSE));
    }
  }

  private final Map<Receiver, State> states = new HashMap<>();
  private final Map<Receiver, Map<String, State>> refusing = new HashMap<>();
  private int active;

  /** Returns whether any receiver may be sent a message now. */
  synchronized boolean isAnyFree() {
    return active < MAX_AT_ONCE;
  }

  /**
   * Returns how many more messages a receiver may be sent now.
   *
   * @param maxAtOnce the number that it may be sent at once while it works
   */
  synchronized int free(Receiver receiver, int maxAtOnce, Instant now) {
    int left = MAX_AT_ONCE - active;
    State state = states.get(receiver);
    if (state == null) {
      return Math.min(left, maxAtOnce);
    }
    if (state.isPaused(now)) {
      return 0;
    }
    return state.isFailing()
        ? Math.min(Math.min(left, MAX_AT_ONCE_TO_FAILING - activeToFailing()), 1 - state.active)
        : Math.min(left, maxAtOnce - state.active);
  }

  private int activeToFailing() {
    return states.values().stream().filter(State::isFailing).mapToInt(state -> state.active).sum();
  }

  /** Returns whether a destination refuses messages, and is not to be sent any now. */
  synchronized boolean isPaused(Receiver receiver, String destination, Instant now) {
    State state = refusing.getOrDefault(receiver, Map.of()).get(destination);
    return state != null && state.isPaused(now);
  }

  /** Counts a message that is being sent. */
  synchronized void begin(Receiver receiver) {
    State state = states.computeIfAbsent(receiver, unused -> new State());
    state.active++;
    active++;
  }

  /** Counts a message that is no longer being sent. */
  synchronized void end(Message message, Outcome outcome, Instant now) {
    Receiver receiver = message.receiver();
    State state = states.computeIfAbsent(receiver, unused -> new State());
    state.active--;
    active--;
    if (outcome.result() == Outcome.Result.TRY_AGAIN) {
      state.fail(outcome.minPause(), now);
      return;
    }
    state.succeed();
    if (state.active == 0) {
      states.remove(receiver);
    }
    if (outcome.result() == Outcome.Result.REFUSED) {
      refuse(receiver, message.destination(), outcome, now);
    } else {
      refusing.getOrDefault(receiver, new HashMap<>()).remove(message.destination());
    }
  }

  private void refuse(Receiver receiver, String destination, Outcome outcome, Instant now) {
    Map<String, State> known = refusing.computeIfAbsent(receiver, unused -> new HashMap<>());
    if (known.containsKey(destination)
        || refusing.values().stream().mapToInt(Map::size).sum() < MAX_REFUSING) {
      known.computeIfAbsent(destination, unused -> new State()).fail(outcome.minPause(), now);
    }
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** Returns whether a receiver has failed since a time, at every try. */
  synchronized boolean isFailingSince(Receiver receiver, Instant time) {
    State state = states.get(receiver);
    return state != null && state.isFailingSince(time);
  }

  /** Returns the destinations of a receiver that have refused since a time what they were sent. */
  synchronized List<String> refusingSince(Receiver receiver, Instant time) {
    return refusing.getOrDefault(receiver, Map.of()).entrySet().stream()
        .filter(one -> one.getValue().isFailingSince(time))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Ends the pauses of all receivers of a channel. */
  synchronized void resume(Channel channel) {
    states.forEach(
        (receiver, state) -> {
          if (receiver.channel() == channel) {
            state.failures = Math.min(state.failures, MIN_FAILURES - 1);
            state.pause = Duration.ZERO;
          }
        });
  }

  /** Forgets who failed, and has been sent nothing for long: others come and go. */
  synchronized void forgetOld(Instant now) {
    states.values().removeIf(state -> state.isOld(now));
    refusing.values().forEach(known -> known.values().removeIf(state -> state.isOld(now)));
    refusing.values().removeIf(Map::isEmpty);
  }
}
