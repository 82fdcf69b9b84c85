package org.lading.amqp;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts the requests that came as messages, by what came of them. Safe for several threads. */
public final class AmqpCounters {
  private final Map<Outcome, LongAdder> counts = new EnumMap<>(Outcome.class);

  /** What came of a request. */
  public enum Outcome {
    /** A download was stored. */
    CREATED,
    /** The message was delivered again by the broker; its download was stored before. */
    REPEATED,
    /** The requester was told that the request is refused. */
    REFUSED,
    /** No answer was possible. */
    UNREADABLE;

    /** Returns the outcome as metrics spell it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  AmqpCounters() {
    for (Outcome outcome : Outcome.values()) {
      counts.put(outcome, new LongAdder());
    }
  }

  void count(Outcome outcome) {
    adder(outcome).increment();
  }

  /** Returns the number of requests with an outcome, since the start of this node. */
  public long of(Outcome outcome) {
    return adder(outcome).sum();
  }

  private LongAdder adder(Outcome outcome) {
    LongAdder adder = counts.get(outcome);
    if (adder == null) {
      throw new IllegalStateException("no counter of " + outcome);
    }
    return adder;
  }
}
