package org.lading.amqp;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.lading.amqp.ConfirmedPublisher.UnconfirmedException;
import org.lading.download.Download;
import org.lading.error.Failure;
import org.lading.error.LadingException;
import org.lading.event.Channel;
import org.lading.event.EventKind;
import org.lading.event.Message;
import org.lading.event.Outcome;
import org.lading.event.Sender;

/** Sends the answers to requests that came as messages. */
final class ReplySender implements Sender {
  private static final List<Duration> PAUSES =
      List.of(
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          Duration.ofSeconds(15),
          Duration.ofMinutes(1),
          Duration.ofMinutes(5));

  private final ConfirmedPublisher publisher;
  private final Function<String, Optional<Download>> lookup;
  private final Function<Download, Replies.Pages> pages;

  /**
   * Makes a sender.
   *
   * @param lookup finds downloads by their ids
   * @param pages gives the URLs of a download
   */
  ReplySender(
      ConfirmedPublisher publisher,
      Function<String, Optional<Download>> lookup,
      Function<Download, Replies.Pages> pages) {
    this.publisher = publisher;
    this.lookup = lookup;
    this.pages = pages;
  }

  @Override
  public Channel channel() {
    return Channel.AMQP;
  }

  @Override
  public boolean isReady() {
    return publisher.isReady();
  }

  @Override
  public List<Duration> pauses() {
    return PAUSES;
  }

  @Override
  public Outcome send(Message message) {
    String body = message.body() == null ? rendered(message) : message.body();
    if (body == null) {
      return Outcome.never("the download is gone");
    }
    try {
      publisher.publish(
          message.destination(), body.getBytes(StandardCharsets.UTF_8), message.id(), Map.of());
      return Outcome.delivered();
    } catch (UnconfirmedException e) {
      return Outcome.tryAgain(String.valueOf(e.getMessage()));
    }
  }

  private @Nullable String rendered(Message message) {
    Download download = lookup.apply(message.stream()).orElse(null);
    if (download == null) {
      return null;
    }
    return switch (message.kind()) {
      case RECEIVED -> Replies.received(download, pages.apply(download), message.context());
      case READY -> Replies.completed(download, pages.apply(download));
      case FAILED -> Replies.failed(download, failure(download));
      case EXPIRED -> throw new IllegalStateException("nobody is told of " + EventKind.EXPIRED);
    };
  }

  /** Returns why a download failed; its time may be up meanwhile. */
  private static Failure failure(Download download) {
    Failure failure = download.failure();
    return failure == null ? LadingException.expired().failure() : failure;
  }
}
