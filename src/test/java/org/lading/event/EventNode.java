package org.lading.event;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.lading.download.CreateRequest;
import org.lading.download.Download;
import org.lading.download.DownloadIds;
import org.lading.download.DownloadStore;
import org.lading.download.Lane;
import org.lading.error.LadingException;
import org.lading.manifest.ManifestRequest;
import org.lading.store.Database;
import org.lading.store.JdbcDownloadStore;
import org.lading.store.JdbcOutbox;
import org.lading.testing.JavaProcess;
import org.lading.testing.PostgresServer;

/**
 * A node that stores downloads and makes them ready as fast as it can, and delivers the messages
 * about them to a server of lines, until it is killed.
 */
final class EventNode {
  /** Short, so that the test need not wait long for what a killed node had claimed. */
  static final Duration CLAIMED = Duration.ofSeconds(5);

  private final int receiver;
  private final DownloadStore store;
  private final Delivery delivery;

  private EventNode(Database database, int receiver, ExecutorService threads) {
    this.receiver = receiver;
    Outbox outbox = new JdbcOutbox(database);
    this.delivery =
        new Delivery(outbox, List.of(new LineSender()), threads, Clock.systemUTC(), CLAIMED);
    this.store = new JdbcDownloadStore(database, delivery::wake);
  }

  /** Arguments: the directory of an embedded database or a URL, the port of the receiver. */
  public static void main(String[] arguments) throws IOException {
    boolean isEmbedded = !arguments[0].startsWith("jdbc:");
    Database database =
        isEmbedded
            ? Database.openEmbedded(Path.of(arguments[0]))
            : Database.open(arguments[0], PostgresServer.USER, null);
    if (isEmbedded) {
      Instant now = Instant.now();
      new JdbcOutbox(database).releaseClaims(now, now.plus(Delivery.CLAIMED));
    }
    ExecutorService threads = Executors.newCachedThreadPool(EventNode::daemon);
    EventNode node = new EventNode(database, Integer.parseInt(arguments[1]), threads);
    var unused =
        Executors.newSingleThreadScheduledExecutor(EventNode::daemon)
            .scheduleWithFixedDelay(node.delivery::wake, 0, 1, TimeUnit.SECONDS);
    if (arguments.length < 3) {
      threads.execute(node::createForEver);
    }
    node.store.queuedUnsettled(Instant.now(), Integer.MAX_VALUE).forEach(node::makeReady);
    JavaProcess.serve(1);
  }

  /** A thread that ends with the program. */
  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    return thread;
  }

  private void createForEver() {
    Supplier<String> ids = DownloadIds.random();
    for (int i = 0; ; i++) {
      Download pending = pending(ids.get());
      Subscription queue = new Subscription(Channel.AMQP, "queue" + i % 3, "");
      store.insert(pending, Collections.emptyIterator(), List.of(queue), null, Integer.MAX_VALUE);
      tell("stored " + pending.id());
      makeReady(pending);
    }
  }

  private static Download pending(String id) {
    Instant now = Instant.now();
    CreateRequest request =
        new CreateRequest(
            "root", OptionalLong.empty(), false, new ManifestRequest(null, List.of()));
    return Download.pending(id, request, "client", now, now.plus(Duration.ofDays(1)));
  }

  private void makeReady(Download pending) {
    store
        .begin(pending.id(), Lane.QUICK, Instant.now())
        .ifPresent(one -> store.end(one.ready(Download.Totals.NONE, Instant.now())));
  }

  /** Sends a line, and waits for the answer. */
  private void tell(String line) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), receiver)) {
      socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
      BufferedReader answer =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      if (!"ok".equals(answer.readLine())) {
        throw new IOException("no answer");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends each message as its stream, kind and id. */
  private final class LineSender implements Sender {
    @Override
    public Channel channel() {
      return Channel.AMQP;
    }

    @Override
    public Outcome send(Message message) {
      try {
        tell(message.stream() + " " + message.kind() + " " + message.id());
        return Outcome.delivered();
      } catch (UncheckedIOException | LadingException e) {
        return Outcome.tryAgain(e.toString());
      }
    }

    @Override
    public List<Duration> pauses() {
      return List.of(Duration.ofSeconds(1));
    }
  }
}
