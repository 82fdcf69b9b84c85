package org.lading.event;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts what became of messages at this node. Safe for several threads. */
public final class DeliveryCounts {
  private final Map<Key, LongAdder> adders = new ConcurrentHashMap<>();

  /** What can become of a try to deliver a message. */
  public enum Ending {
    /** The message was delivered. */
    DELIVERED,
    /** The try failed, and another one follows. */
    FAILED,
    /** The message was given up. */
    GIVEN_UP
  }

  private record Key(Channel channel, Ending ending) {}

  /** Returns how often something became of messages of a channel. */
  public long of(Channel channel, Ending ending) {
    return adder(channel, ending).sum();
  }

  void add(Channel channel, Ending ending) {
    adder(channel, ending).increment();
  }

  private LongAdder adder(Channel channel, Ending ending) {
    return adders.computeIfAbsent(new Key(channel, ending), unused -> new LongAdder());
  }
}
