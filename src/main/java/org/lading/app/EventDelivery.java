package org.lading.app;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import org.lading.event.Channel;
import org.lading.event.Delivery;
import org.lading.event.DeliveryCounts;
import org.lading.event.DeliveryCounts.Ending;
import org.lading.event.Outbox;
import org.lading.event.Sender;
import org.lading.metrics.Metrics;

/**
 * The outbox of an application, and its delivery.
 *
 * @param channels those that messages are sent on; without any, nothing is looked for
 */
record EventDelivery(Outbox outbox, Delivery delivery, List<Channel> channels, Clock clock) {
  private static final Duration POLL_PAUSE = Duration.ofSeconds(1);

  /**
   * Makes the delivery of an outbox.
   *
   * @param threads has room for {@link Delivery#MAX_THREADS}
   */
  static EventDelivery of(Outbox outbox, List<Sender> senders, Executor threads, Clock clock) {
    return new EventDelivery(
        outbox,
        new Delivery(outbox, senders, threads, clock),
        senders.stream().map(Sender::channel).toList(),
        clock);
  }

  /**
   * Begins to look for messages.
   *
   * @param isOnlyNode whether nobody else can have claimed any
   */
  void start(PeriodicTasks tasks, boolean isOnlyNode) {
    if (channels.isEmpty()) {
      return;
    }
    if (isOnlyNode) {
      Instant now = clock.instant();
      outbox.releaseClaims(now, now.plus(Delivery.CLAIMED));
    }
    tasks.repeat(POLL_PAUSE, delivery::wake);
  }

  /** Registers the numbers as counters and gauges. */
  void register(Metrics metrics) {
    DeliveryCounts counts = delivery.counts();
    for (Channel channel : channels) {
      String[] labels = {"channel", channel.name().toLowerCase(Locale.ROOT)};
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
      metrics.counter(
          "lading.events.given.up",
          "Messages that this node gave up",
          () -> counts.of(channel, Ending.GIVEN_UP),
          labels);
      metrics.gauge(
          "lading.events.waiting",
          "Messages that are not delivered yet, by any node",
          () -> outbox.waiting(channel),
          labels);
    }
    if (!channels.isEmpty()) {
      metrics.gauge(
          "lading.events.oldest.seconds",
          "Age of the oldest message that is not delivered yet; 0 if there is none",
          this::oldestSeconds);
    }
  }

  private double oldestSeconds() {
    Instant oldest = outbox.oldest();
    return oldest == null ? 0 : Duration.between(oldest, clock.instant()).toMillis() / 1000.0;
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
