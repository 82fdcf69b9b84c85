package org.lading.app;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.lading.amqp.Amqp;
import org.lading.event.Channel;
import org.lading.event.Delivery;
import org.lading.event.DeliveryCounts;
import org.lading.event.DeliveryCounts.Ending;
import org.lading.event.Outbox;
import org.lading.event.Sender;
import org.lading.metrics.Metrics;

/**
 * The outbox of an application, its delivery, and the requests that come as messages.
 *
 * @param channels those that messages are sent on; of others, what is too old is given up
 * @param amqp the requests that come as messages, or null if none come
 */
record EventDelivery(
    Outbox outbox, Delivery delivery, List<Channel> channels, @Nullable Amqp amqp, Clock clock)
    implements AutoCloseable {
  private static final Duration POLL_PAUSE = Duration.ofSeconds(1);

  /**
   * Makes the delivery of an outbox.
   *
   * @param others the senders of other channels than AMQP
   * @param threads has room for {@link Delivery#MAX_THREADS}
   */
  static EventDelivery of(
      Outbox outbox, List<Sender> others, @Nullable Amqp amqp, Executor threads, Clock clock) {
    List<Sender> senders = new ArrayList<>(others);
    if (amqp != null) {
      senders.add(amqp.sender());
    }
    return new EventDelivery(
        outbox,
        new Delivery(outbox, senders, threads, clock),
        senders.stream().map(Sender::channel).toList(),
        amqp,
        clock);
  }

  /**
   * Begins to look for messages.
   *
   * @param isOnlyNode whether nobody else can have claimed any
   */
  void start(PeriodicTasks tasks, boolean isOnlyNode) {
    if (isOnlyNode) {
      Instant now = clock.instant();
      outbox.releaseClaims(now, now.plus(Delivery.CLAIMED));
    }
    tasks.repeat(POLL_PAUSE, delivery::wake);
    if (amqp != null) {
      amqp.start(() -> delivery.resume(Channel.AMQP));
    }
  }

  /** Takes and claims no more messages. */
  void beginToStop() {
    if (amqp != null) {
      amqp.beginToStop();
    }
    delivery.beginToStop();
  }

  /** Ends what is still being taken or sent. */
  @Override
  public void close() {
    if (amqp != null) {
      amqp.close();
    }
  }

  /** Registers the numbers as counters and gauges. */
  void register(Metrics metrics) {
    DeliveryCounts counts = delivery.counts();
    for (Channel channel : channels) {
      String[] labels = labels(channel);
      metrics.counter(
          "lading.events.delivered",
          "Messages about downloads that this node delivered",
          () -> counts.of(channel, Ending.DELIVERED),
          labels);
      metrics.counter(
          "lading.events.failed",
          "Tries of this node to deliver a message that failed and are followed by another",
          () -> counts.of(channel, Ending.FAILED),
          labels);
    }
    for (Channel channel : Channel.values()) {
      metrics.counter(
          "lading.events.given.up",
          "Messages that this node gave up",
          () -> counts.of(channel, Ending.GIVEN_UP),
          labels(channel));
    }
    if (amqp != null) {
      MessageParts.register(amqp, metrics);
    }
  }

  /** Returns the label of a channel, its name and its value. */
  static String[] labels(Channel channel) {
    return new String[] {"channel", channel.name().toLowerCase(Locale.ROOT)};
  }

  /** Returns the numbers for {@code /status}. */
  Map<String, Object> report() {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("waiting", channels.stream().mapToLong(outbox::waiting).sum());
    Instant oldest = outbox.oldest();
    if (oldest != null) {
      report.put("oldest", oldest.toString());
    }
    return report;
  }
}
