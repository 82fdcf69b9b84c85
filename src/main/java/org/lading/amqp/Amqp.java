package org.lading.amqp;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.lading.download.CreateRequest;
import org.lading.download.Download;
import org.lading.download.DownloadService;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.event.Outbox;
import org.lading.event.Sender;

/**
 * The requests that come as AMQP messages, and their answers: two connections to one broker, since
 * a broker that takes no more messages stops reading from who publishes them.
 */
public final class Amqp implements AutoCloseable {
  /** The name of the client to whom all downloads belong that were requested by messages. */
  public static final String CLIENT = "amqp";

  private final AmqpSettings settings;
  private final AmqpCounters counters = new AmqpCounters();
  private final ConfirmedPublisher publisher;
  private final ReplySender sender;
  private final BrokerLink publishing;
  private final BrokerLink consuming;

  /**
   * What messages need of the application.
   *
   * @param downloads takes the requests
   * @param admission throws {@code TOO_MANY_REQUESTS} if the next request has to wait
   * @param lookup finds downloads by their ids
   * @param reader reads the JSON of a create request; throws a {@link LadingException} that says
   *     what is wrong with it
   * @param outbox takes the answers that belong to no download
   * @param databaseCheck throws a {@link LadingException} if the database does not answer
   * @param downloadUrl gives the URL of a download's archive
   * @param statusUrl gives the URL of a download's status
   */
  public record Parts(
      DownloadService downloads,
      Runnable admission,
      Function<String, Optional<Download>> lookup,
      Function<byte[], CreateRequest> reader,
      Outbox outbox,
      Clock clock,
      Runnable databaseCheck,
      Function<Download, String> downloadUrl,
      Function<Download, String> statusUrl) {}

  /** Makes both connections, which {@link #start} opens. */
  public Amqp(AmqpSettings settings, Parts parts) {
    this.settings = settings;
    BrokerConnector connector = new BrokerConnector(settings.broker());
    this.publisher = new ConfirmedPublisher();
    this.publishing = new BrokerLink("publisher", connector, publisher);
    this.sender =
        new ReplySender(
            publisher,
            parts.lookup(),
            download ->
                new Replies.Pages(
                    parts.downloadUrl().apply(download), parts.statusUrl().apply(download)));
    ExportRequests requests =
        new ExportRequests(
            settings,
            new ExportRequests.Parts(
                parts.downloads(),
                parts.admission(),
                parts.reader(),
                parts.outbox(),
                parts.clock()));
    this.consuming =
        new BrokerLink(
            "consumer",
            connector,
            new ExportConsumer(settings, requests, publisher, counters, parts.databaseCheck()));
  }

  /**
   * Begins to connect, and to take and send messages.
   *
   * @param whenReady is run each time when messages can be sent again
   */
  public void start(Runnable whenReady) {
    publisher.whenReady(whenReady);
    publishing.start();
    consuming.start();
  }

  /** Takes no more requests; those that are not stored stay in their queue. */
  public void beginToStop() {
    consuming.beginToStop();
  }

  /** Ends both connections; what is not confirmed is sent by another node, or later. */
  @Override
  public void close() {
    consuming.close();
    publishing.close();
  }

  /** Returns what sends the answers. */
  public Sender sender() {
    return sender;
  }

  /** Returns what came of the requests. */
  public AmqpCounters counters() {
    return counters;
  }

  /** Returns whether requests are taken now. */
  public boolean isConsuming() {
    return consuming.trouble() == null;
  }

  /** Returns whether answers can be sent now. */
  public boolean isPublishing() {
    return sender.isReady();
  }

  /**
   * Returns the fields for {@code /status}.
   *
   * @throws LadingException {@code STORAGE_UNAVAILABLE} if messages are not taken or not sent
   */
  public Map<String, Object> check() {
    String trouble = consuming.trouble() == null ? publishingTrouble() : consuming.trouble();
    if (trouble != null) {
      throw new LadingException(ErrorCode.STORAGE_UNAVAILABLE, "The broker: " + trouble);
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("incoming_queue", settings.incomingQueue());
    return fields;
  }

  private @Nullable String publishingTrouble() {
    String trouble = publishing.trouble();
    return trouble == null && !isPublishing() ? "it takes no messages" : trouble;
  }
}
