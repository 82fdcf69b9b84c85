package org.lading.app;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.lading.download.DownloadStore;
import org.lading.download.DownloadStore.Waiting;
import org.lading.download.Lane;
import org.lading.event.Channel;
import org.lading.event.Outbox;
import org.lading.metrics.Metrics;
import org.lading.metrics.Reading;

/**
 * What all nodes together have to do, as the database knows it. It is read once for all gauges of a
 * scrape, which does not wait long for a database that does not answer.
 */
final class StoredFigures {
  private static final Reading.Times TIMES =
      new Reading.Times(Duration.ofSeconds(1), Duration.ofMillis(500), Duration.ofSeconds(30));

  private final Reading<Optional<Figures>> figures;
  private final List<Channel> channels;
  private final Clock clock;

  /**
   * The figures of one moment.
   *
   * @param queue the downloads that wait to be prepared
   * @param messages the numbers of messages that wait
   * @param oldestMessage the time of the oldest of these, or null if there is none
   */
  private record Figures(
      Map<Lane, Waiting> queue, Map<Channel, Long> messages, @Nullable Instant oldestMessage) {}

  /**
   * Makes figures, which are read when somebody asks.
   *
   * @param channels those whose messages are counted
   * @param executor runs the queries
   */
  StoredFigures(
      DownloadStore store, Outbox outbox, List<Channel> channels, Executor executor, Clock clock) {
    this.channels = channels;
    this.clock = clock;
    this.figures =
        new Reading<>(
            () -> Optional.of(read(store, outbox)),
            Optional.empty(),
            executor,
            System::nanoTime,
            TIMES);
  }

  private Figures read(DownloadStore store, Outbox outbox) {
    Map<Channel, Long> messages = new EnumMap<>(Channel.class);
    channels.forEach(channel -> messages.put(channel, outbox.waiting(channel)));
    return new Figures(store.waiting(), messages, channels.isEmpty() ? null : outbox.oldest());
  }

  /** Registers the figures as gauges, whose values are not numbers while the database is away. */
  void register(Metrics metrics) {
    metrics.gauge(
        "lading.database.up", "Whether the database answers", () -> latest().isPresent() ? 1 : 0);
    for (Lane lane : Lane.values()) {
      metrics.gauge(
          "lading.preparations.waiting",
          "Downloads that wait to be prepared, by any node",
          () -> figure(now -> Waiting.in(now.queue, lane)),
          "lane",
          lane.word());
      metrics.gauge(
          "lading.preparations.oldest.seconds",
          "Time since the oldest download that waits was created; 0 if none waits",
          () -> figure(now -> age(oldest(now, lane))),
          "lane",
          lane.word());
    }
    for (Channel channel : channels) {
      metrics.gauge(
          "lading.events.waiting",
          "Messages that are not delivered yet, by any node",
          () -> figure(now -> now.messages.getOrDefault(channel, 0L)),
          EventDelivery.labels(channel));
    }
    if (!channels.isEmpty()) {
      metrics.gauge(
          "lading.events.oldest.seconds",
          "Age of the oldest message that is not delivered yet; 0 if there is none",
          () -> figure(now -> age(now.oldestMessage)));
    }
  }

  private double figure(ToDoubleFunction<Figures> value) {
    return latest().map(now -> value.applyAsDouble(now)).orElse(Double.NaN);
  }

  private Optional<Figures> latest() {
    Optional<Figures> latest = figures.get();
    return latest == null ? Optional.empty() : latest;
  }

  private static @Nullable Instant oldest(Figures now, Lane lane) {
    Waiting waiting = now.queue.get(lane);
    return waiting == null ? null : waiting.oldest();
  }

  private double age(@Nullable Instant since) {
    return since == null
        ? 0
        : Math.max(0, Duration.between(since, clock.instant()).toMillis() / 1000.0);
  }
}
