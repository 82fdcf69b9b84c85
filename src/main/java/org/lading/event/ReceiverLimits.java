package org.lading.event;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Decides how many messages a node sends to each receiver at once. A receiver that has failed
 * several times in a row is tried with one message at a time, and with growing pauses, so that a
 * million messages to it neither take the threads of the others nor are each tried in vain. Safe
 * for several threads.
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

  /** The maximum pause that a receiver can ask for. */
  private static final Duration MAX_ASKED_PAUSE = Duration.ofHours(1);

  /** What is known of a receiver; of one that works and is sent nothing, nothing is. */
  private static final class State {
    private int active;
    private int failures;
    private Instant pausedUntil = Instant.MIN;

    boolean isFailing() {
      return failures >= MIN_FAILURES;
    }
  }

  private final Map<Receiver, State> states = new HashMap<>();
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
    if (now.isBefore(state.pausedUntil)) {
      return 0;
    }
    return state.isFailing()
        ? Math.min(Math.min(left, MAX_AT_ONCE_TO_FAILING - activeToFailing()), 1 - state.active)
        : Math.min(left, maxAtOnce - state.active);
  }

  private int activeToFailing() {
    return states.values().stream().filter(State::isFailing).mapToInt(state -> state.active).sum();
  }

  /** Counts a message that is being sent. */
  synchronized void begin(Receiver receiver) {
    State state = states.computeIfAbsent(receiver, unused -> new State());
    state.active++;
    active++;
  }

  /** Counts a message that is no longer being sent. */
  synchronized void end(Receiver receiver, Outcome outcome, Instant now) {
    State state = states.computeIfAbsent(receiver, unused -> new State());
    state.active--;
    active--;
    if (outcome.result() == Outcome.Result.TRY_AGAIN) {
      state.failures++;
      state.pausedUntil = now.plus(pause(state, outcome));
    } else {
      state.failures = 0;
      state.pausedUntil = Instant.MIN;
      if (state.active == 0) {
        states.remove(receiver);
      }
    }
  }

  private static Duration pause(State state, Outcome outcome) {
    Duration pause = Duration.ZERO;
    if (state.isFailing()) {
      int doublings = Math.min(state.failures - MIN_FAILURES, 6);
      pause = min(FIRST_PAUSE.multipliedBy(1L << doublings), MAX_PAUSE);
    }
    Duration asked = outcome.minPause();
    return asked == null || asked.compareTo(pause) < 0 ? pause : min(asked, MAX_ASKED_PAUSE);
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** Returns whether a receiver has failed several times in a row. */
  synchronized boolean isFailing(Receiver receiver) {
    State state = states.get(receiver);
    return state != null && state.isFailing();
  }

  /** Ends the pauses of all receivers of a channel. */
  synchronized void resume(Channel channel) {
    states.forEach(
        (receiver, state) -> {
          if (receiver.channel() == channel) {
            state.failures = Math.min(state.failures, MIN_FAILURES - 1);
            state.pausedUntil = Instant.MIN;
          }
        });
  }

  /** Forgets receivers that failed, and have been sent nothing for long: others come and go. */
  synchronized void forgetOld(Instant now) {
    states
        .values()
        .removeIf(
            state -> state.active == 0 && state.pausedUntil.isBefore(now.minus(MAX_ASKED_PAUSE)));
  }
}
