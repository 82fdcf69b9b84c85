package org.lading.amqp;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.lading.amqp.AmqpCounters.Outcome;
import org.lading.amqp.ExportMessage.UnreadableException;
import org.lading.base.PrintableText;
import org.lading.download.CreateRequest;
import org.lading.download.Download;
import org.lading.download.DownloadService;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.event.Channel;
import org.lading.event.EventKind;
import org.lading.event.Outbox;
import org.lading.event.Subscription;
import org.lading.manifest.ManifestRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes downloads of the requests that come as messages. Whatever is to be answered is stored when
 * a method returns, so that the message can be acknowledged.
 */
final class ExportRequests {
  private static final Logger log = LoggerFactory.getLogger(ExportRequests.class);

  private final AmqpSettings settings;
  private final Parts parts;

  /**
   * What requests need of the application.
   *
   * @param downloads takes the requests
   * @param admission throws {@code TOO_MANY_REQUESTS} if the next request has to wait
   * @param reader reads the JSON of a create request; throws what is wrong with it
   * @param outbox takes the answers that belong to no download
   */
  record Parts(
      DownloadService downloads,
      Runnable admission,
      Function<byte[], CreateRequest> reader,
      Outbox outbox,
      Clock clock) {}

  ExportRequests(AmqpSettings settings, Parts parts) {
    this.settings = settings;
    this.parts = parts;
  }

  /**
   * Takes one message.
   *
   * @param isRedelivered whether the broker may have delivered it before
   * @throws UnreadableException if it cannot be answered
   * @throws LadingException if the database does not answer, or there is no room: the message is
   *     then to be delivered again; {@code TOO_MANY_REQUESTS} if it is to wait
   */
  Outcome take(byte[] body, boolean isRedelivered) throws UnreadableException {
    ExportMessage message = ExportMessage.read(body);
    if (!settings.mayAnswerTo(message.returnQueue())) {
      throw new UnreadableException("its return_queue is none of return_queues");
    }
    if (!settings.roots().contains(message.root())) {
      String root = message.root().isEmpty() ? "(none)" : PrintableText.of(message.root());
      return refuse(message, "Invalid root: " + root, "its root is none of amqp.roots");
    }
    String clientId = message.clientId();
    if (clientId == null) {
      return refuse(message, "No client id: " + message.excerpt(), "it has no client_id");
    }
    Subscription subscription = new Subscription(Channel.AMQP, message.returnQueue(), clientId);
    CreateRequest request;
    try {
      request = parts.reader().apply(body);
    } catch (LadingException e) {
      requireFaultOfRequest(e);
      return storeFailed(message, subscription, e, isRedelivered);
    }
    return store(message, request, subscription, isRedelivered, null);
  }

  /**
   * Refuses a message.
   *
   * @param sentence the one of the answer, which may quote the message
   * @param reason the one of the log, which does not
   */
  private Outcome refuse(ExportMessage message, String sentence, String reason) {
    log.info(
        "A request of {} bytes with the SHA-256 {} and the return_queue {} was refused: {}",
        message.length(),
        message.digest(),
        PrintableText.of(message.returnQueue()),
        reason);
    parts
        .outbox()
        .add(
            "amqp " + message.digest(),
            new Subscription(Channel.AMQP, message.returnQueue(), ""),
            EventKind.RECEIVED,
            Replies.refused(message.clientId(), sentence),
            parts.clock().instant());
    return Outcome.REFUSED;
  }

  /** Lets those faults pass that are of this node. */
  private static void requireFaultOfRequest(LadingException fault) {
    if (fault.code() == ErrorCode.STORAGE_UNAVAILABLE || fault.code() == ErrorCode.BUSY) {
      throw fault;
    }
  }

  /** Stores a download that has failed, so that its requester is told that, and can look it up. */
  private Outcome storeFailed(
      ExportMessage message, Subscription subscription, LadingException fault, boolean again) {
    CreateRequest empty =
        new CreateRequest(
            message.root(), OptionalLong.empty(), false, new ManifestRequest(null, List.of()));
    return store(message, empty, subscription, again, fault);
  }

  private Outcome store(
      ExportMessage message,
      CreateRequest request,
      Subscription subscription,
      boolean isRedelivered,
      @Nullable LadingException fault) {
    List<Subscription> told = List.of(subscription);
    if (store(request.with(told, key(message)), fault)) {
      return Outcome.CREATED;
    }
    if (isRedelivered) {
      return Outcome.REPEATED;
    }
    // The same words, but another message: whoever sent it waits for its own answers.
    return store(request.with(told, null), fault) ? Outcome.CREATED : Outcome.REPEATED;
  }

  /**
   * Returns the key of a request: another one has another queue, client id, or other words, or
   * comes on another day. The broker delivers a message again after minutes; who sends the same
   * words each night waits for other answers each time.
   */
  private String key(ExportMessage message) {
    long day = Duration.between(Instant.EPOCH, parts.clock().instant()).toDays();
    return "amqp " + day + " " + message.digest();
  }

  /** Returns whether a download was stored, rather than that its key is known. */
  private boolean store(CreateRequest request, @Nullable LadingException fault) {
    if (fault != null) {
      return parts.downloads().createFailed(Amqp.CLIENT, request, fault.failure());
    }
    parts.admission().run();
    AtomicBoolean isStored = new AtomicBoolean();
    // Nobody waits for it here: whoever does is told by messages.
    Future<Download> unused =
        parts
            .downloads()
            .create(
                Amqp.CLIENT,
                request,
                Duration.ZERO,
                id -> {
                  isStored.set(true);
                  log.info("Download {} is for a message", PrintableText.ofId(id));
                });
    return isStored.get();
  }
}
