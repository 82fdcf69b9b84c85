package org.lading.app;

import java.time.Clock;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.lading.access.Client;
import org.lading.amqp.Amqp;
import org.lading.amqp.AmqpCounters;
import org.lading.amqp.AmqpSettings;
import org.lading.api.AnswerWriter;
import org.lading.api.ClientRoute;
import org.lading.config.Configuration;
import org.lading.download.CreateRequest;
import org.lading.download.DownloadService;
import org.lading.download.DownloadStore;
import org.lading.download.Transfers;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.event.Outbox;
import org.lading.limit.Caller;
import org.lading.limit.Limits;
import org.lading.metrics.Metrics;
import org.lading.request.CreateRequestReader;
import org.lading.request.RequestForm;
import org.lading.request.RootCheck;

/** Makes the parts of requests that come as messages. */
final class MessageParts {
  private MessageParts() {}

  /**
   * Makes the connections to the broker, or null if the configuration has none.
   *
   * @param limits counts the requests as those of one client
   * @param route the way by which those come who read the answers
   */
  static @Nullable Amqp amqp(
      Configuration configuration,
      DownloadService downloads,
      Limits limits,
      DownloadStore store,
      Outbox outbox,
      Transfers transfers,
      Supplier<ClientRoute> route,
      Clock clock) {
    AmqpSettings settings = configuration.amqp();
    if (settings == null) {
      return null;
    }
    AnswerWriter answers = new AnswerWriter(configuration.assembler(), transfers);
    return new Amqp(
        settings,
        new Amqp.Parts(
            downloads,
            () -> admit(downloads, limits),
            store::find,
            reader(configuration, settings),
            outbox,
            clock,
            store::check,
            download -> answers.downloadUrl(route.get(), download),
            download -> answers.statusUrl(route.get(), download)));
  }

  /** Throws {@code TOO_MANY_REQUESTS}; a request is counted only when there is room for it. */
  private static void admit(DownloadService downloads, Limits limits) {
    downloads.requireRoom(Amqp.CLIENT);
    var unused = limits.takeCreate(Caller.named(Amqp.CLIENT));
  }

  /** Makes the reader of requests, all of which are of clients of medusa-downloader. */
  private static Function<byte[], CreateRequest> reader(
      Configuration configuration, AmqpSettings settings) {
    long maxBytes = configuration.create().maxBodyBytes();
    CreateRequestReader.Checks checks =
        new CreateRequestReader.Checks(
            configuration.create().rules().with(RequestForm.MEDUSA_DOWNLOADER),
            new RootCheck(settings.roots())
                .of(new Client(Amqp.CLIENT, null, null, Map.of(), null)));
    return body -> {
      if (body.length > maxBytes) {
        throw new LadingException(
            ErrorCode.TOO_LARGE, "The request has more than " + maxBytes + " bytes");
      }
      return CreateRequestReader.ofBytes(body, checks);
    };
  }

  /** Registers the counters and gauges. */
  static void register(Amqp amqp, Metrics metrics) {
    for (AmqpCounters.Outcome outcome : AmqpCounters.Outcome.values()) {
      metrics.counter(
          "lading.amqp.requests",
          "Requests that came as messages, by what came of them",
          () -> amqp.counters().of(outcome),
          "outcome",
          outcome.word());
    }
    String description = "Whether this node takes requests from the broker, and can send answers";
    metrics.gauge(
        "lading.amqp.connected", description, () -> amqp.isConsuming() ? 1 : 0, "role", "consumer");
    metrics.gauge(
        "lading.amqp.connected",
        description,
        () -> amqp.isPublishing() ? 1 : 0,
        "role",
        "publisher");
  }
}
