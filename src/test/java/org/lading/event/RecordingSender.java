package org.lading.event;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** A sender to receivers in memory, which answer, fail or hang as the test says. */
final class RecordingSender implements Sender {
  static final List<Duration> PAUSES =
      List.of(Duration.ofSeconds(5), Duration.ofMinutes(5), Duration.ofHours(10));

  private final Channel channel;
  private final List<Message> tried = Collections.synchronizedList(new ArrayList<>());
  private final List<Message> delivered = Collections.synchronizedList(new ArrayList<>());
  private final Map<String, Outcome> outcomes = new ConcurrentHashMap<>();
  private final Map<String, Semaphore> held = new ConcurrentHashMap<>();
  private final Map<Receiver, AtomicInteger> active = new ConcurrentHashMap<>();
  private final AtomicInteger mostActive = new AtomicInteger();
  private volatile boolean isReady = true;

  RecordingSender(Channel channel) {
    this.channel = channel;
  }

  /** Answers all further messages to a receiver, or a destination, so. */
  RecordingSender answer(String receiver, Outcome outcome) {
    outcomes.put(receiver, outcome);
    return this;
  }

  /** Lets messages to a receiver wait, each for a permit. */
  Semaphore hold(String receiver) {
    return held.computeIfAbsent(receiver, any -> new Semaphore(0));
  }

  void setReady(boolean ready) {
    isReady = ready;
  }

  /** The messages that were tried, in order, each as its stream and kind. */
  List<String> tried() {
    return texts(tried);
  }

  /** The messages that were delivered. */
  List<String> delivered() {
    return texts(delivered);
  }

  List<Message> messages() {
    return List.copyOf(tried);
  }

  /** The largest number of messages that one receiver was sent at once. */
  int mostActive() {
    return mostActive.get();
  }

  private static List<String> texts(List<Message> messages) {
    return List.copyOf(messages).stream()
        .map(message -> message.stream() + " " + message.kind())
        .collect(Collectors.toList());
  }

  @Override
  public Channel channel() {
    return channel;
  }

  @Override
  public Outcome send(Message message) {
    Receiver receiver = message.receiver();
    AtomicInteger now = active.computeIfAbsent(receiver, any -> new AtomicInteger());
    mostActive.accumulateAndGet(now.incrementAndGet(), Math::max);
    tried.add(message);
    try {
      Semaphore permit = held.get(receiver.name());
      if (permit != null) {
        permit.acquire();
      }
    } catch (InterruptedException e) {
      return Outcome.tryAgain("interrupted");
    } finally {
      now.decrementAndGet();
    }
    Outcome ofAll = outcomes.getOrDefault(receiver.name(), Outcome.delivered());
    Outcome outcome = outcomes.getOrDefault(message.destination(), ofAll);
    if (outcome.result() == Outcome.Result.DELIVERED) {
      delivered.add(message);
    }
    return outcome;
  }

  @Override
  public List<Duration> pauses() {
    return PAUSES;
  }

  @Override
  public boolean isReady() {
    return isReady;
  }
}
