package org.lading.event;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** Counts what became of messages at this node. Safe for several threads. */
public final class DeliveryCounts {
  private final Map<Channel, Map<Ending, LongAdder>> adders = new EnumMap<>(Channel.class);

  /** What can become of a try to deliver a message. */
  public enum Ending {
    /** The message was delivered. */
    DELIVERED,
    /** The try failed, and another one follows. */
    FAILED,
    /** The message was given up. */
    GIVEN_UP
  }

  DeliveryCounts() {
    for (Channel channel : Channel.values()) {
      Map<Ending, LongAdder> counted = new EnumMap<>(Ending.class);
      for (Ending ending : Ending.values()) {
        counted.put(ending, new LongAdder());
      }
      adders.put(channel, counted);
    }
  }

  /** Returns how often something became of messages of a channel. */
  public long of(Channel channel, Ending ending) {
    return adder(channel, ending).sum();
  }

  void add(Channel channel, Ending ending) {
    adder(channel, ending).increment();
  }

  private LongAdder adder(Channel channel, Ending ending) {
    return Objects.requireNonNull(Objects.requireNonNull(adders.get(channel)).get(ending));
  }
}
