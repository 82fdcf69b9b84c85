package org.lading.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.lading.access.Clients;
import org.lading.api.AnswerWriter;
import org.lading.base.PrintableText;
import org.lading.download.Download;
import org.lading.event.Channel;
import org.lading.event.Message;
import org.lading.event.Outcome;
import org.lading.event.Sender;
import org.lading.webhook.WebhookClient.Answer;

/** Sends messages to URLs, signed as Standard Webhooks 1.0.0 has it. */
public final class WebhookSender implements Sender {
  private static final int GONE = 410;

  private static final List<Duration> PAUSES =
      List.of(
          Duration.ofSeconds(5),
          Duration.ofMinutes(5),
          Duration.ofMinutes(30),
          Duration.ofHours(2),
          Duration.ofHours(5),
          Duration.ofHours(10));

  private final WebhookSettings settings;
  private final Clients clients;
  private final Function<String, Optional<Download>> downloads;
  private final AnswerWriter answers;
  private final WebhookClient http;
  private final String agent;
  private final Clock clock;

  /**
   * Makes a sender.
   *
   * @param clients have the keys
   * @param downloads finds downloads by their ids
   * @param answers writes the status of a download
   * @param version that of Lading, for {@code User-Agent}
   */
  public WebhookSender(
      WebhookSettings settings,
      Clients clients,
      Function<String, Optional<Download>> downloads,
      AnswerWriter answers,
      WebhookClient http,
      String version,
      Clock clock) {
    this.settings = settings;
    this.clients = clients;
    this.downloads = downloads;
    this.answers = answers;
    this.http = http;
    this.agent = "Lading/" + version;
    this.clock = clock;
  }

  @Override
  public Channel channel() {
    return Channel.WEBHOOK;
  }

  @Override
  public List<Duration> pauses() {
    return PAUSES;
  }

  /**
   * Makes one request. What the settings of this node do not allow (any more) is tried again: those
   * of other nodes may, while they are changed one after another.
   */
  @Override
  public Outcome send(Message message) {
    Download download = downloads.apply(message.stream()).orElse(null);
    if (download == null) {
      return Outcome.never("the download is gone");
    }
    WebhookAddress address = WebhookAddress.parse(message.destination());
    if (address == null || !settings.allows(address)) {
      return Outcome.refused("the setting webhooks.allow has no such address", null);
    }
    WebhookContext context = WebhookContext.parse(message.context());
    List<SigningKey> keys = keys(context.client());
    if (keys.isEmpty()) {
      return Outcome.refused("no client " + context.client() + " has a webhook_secret", null);
    }
    byte[] body = body(message, context, download).getBytes(UTF_8);
    try {
      return outcome(http.post(address, headers(message, keys, body), body));
    } catch (IOException e) {
      return Outcome.tryAgain(PrintableText.of(e.toString()));
    }
  }

  private List<SigningKey> keys(String client) {
    return clients
        .named(client)
        .map(found -> found.webhookSecrets().stream().map(SigningKey::require).toList())
        .orElse(List.of());
  }

  private String body(Message message, WebhookContext context, Download download) {
    return "{\"type\":\"download."
        + message.kind().name().toLowerCase(Locale.ROOT)
        + "\",\"timestamp\":\""
        + message.created()
        + "\",\"data\":"
        + answers.status(context.route(), download)
        + '}';
  }

  private Map<String, String> headers(Message message, List<SigningKey> keys, byte[] body) {
    long seconds = clock.instant().getEpochSecond();
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("User-Agent", agent);
    headers.put("webhook-id", message.id());
    headers.put("webhook-timestamp", Long.toString(seconds));
    headers.put(
        "webhook-signature",
        keys.stream()
            .map(key -> key.sign(message.id(), seconds, body))
            .collect(Collectors.joining(" ")));
    return headers;
  }

  private static Outcome outcome(Answer answer) {
    if (answer.status() / 100 == 2) {
      return Outcome.delivered();
    }
    String reason = "it answered " + answer.status();
    if (answer.status() == GONE) {
      return Outcome.never(reason);
    }
    return Outcome.refused(reason, answer.retryAfter());
  }
}
