package org.lading.amqp;

import com.rabbitmq.client.MessageProperties;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.lading.testing.AmqpPeer;
import org.lading.testing.AmqpPeer.Received;
import org.lading.testing.Http;
import org.lading.testing.LadingProcess;
import org.lading.testing.PostgresServer;
import org.lading.testing.RabbitMq;
import org.lading.testing.TestDatabase;
import org.lading.testing.Traces;

/**
 * Requests of several applications that arrive while the broker is stopped and started, and nodes
 * are killed. The applications themselves lose nothing: each request is confirmed by the broker,
 * and none is under way when it stops.
 */
final class ExportCampaign implements AutoCloseable {
  private static final String IN = "campaign";
  private static final int QUEUES = 4;

  /** One in this number of requests is for a file that is missing. */
  private static final int MISSING = 5;

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final RabbitMq broker;
  private final Path directory;
  private final String settings;
  private final int exports;
  private final List<LadingProcess> nodes = new ArrayList<>();
  private final ReentrantReadWriteLock brokerStays = new ReentrantReadWriteLock(true);
  private final AtomicInteger sent = new AtomicInteger();
  private final Map<String, List<Received>> answers = new LinkedHashMap<>();

  /**
   * Starts the nodes.
   *
   * @param directory has the root {@code root}, with a file {@code cat.txt}
   * @param nodeCount more than one share a database of PostgreSQL
   */
  ExportCampaign(RabbitMq broker, Path directory, int exports, int nodeCount) throws IOException {
    this.broker = broker;
    this.directory = directory;
    this.exports = exports;
    this.settings =
        """
        roots: [{name: main, path: '%s'}]
        nginx_url: https://files.example.org
        incoming_queue: %s
        amqp: {port: %d}
        """
                .formatted(directory.resolve("root"), IN, broker.port())
            + (nodeCount > 1
                ? TestDatabase.postgres(PostgresServer.newDatabase()).settings()
                    + "storage: '"
                    + directory.resolve("shared")
                    + "'\n"
                : "");
    for (int node = 0; node < nodeCount; node++) {
      nodes.add(start(node));
    }
  }

  private LadingProcess start(int node) throws IOException {
    Path own = Files.createDirectories(directory.resolve("node-" + node));
    return LadingProcess.start(own, settings, "-Xmx128m");
  }

  /**
   * Sends all requests while the faults happen, and waits for the answers.
   *
   * @param faults the number of times that the broker is stopped, and that a node is killed
   */
  void run(int faults) throws Exception {
    Thread sending = new Thread(this::sendAll, "applications");
    sending.start();
    for (int fault = 0; fault < faults; fault++) {
      awaitSent((fault + 1) * exports / (faults + 1));
      stopAndKill(fault);
    }
    sending.join();
    receiveAll();
  }

  /**
   * Stops the broker while a node works, kills a node, and starts both: in turn the node first,
   * which then finds no broker, and the broker first.
   */
  private void stopAndKill(int fault) throws Exception {
    int victim = fault % nodes.size();
    brokerStays.writeLock().lock();
    try {
      if (fault % 2 == 0) {
        broker.stop();
        nodes.get(victim).kill();
        nodes.set(victim, start(victim));
        requireWithoutBroker(nodes.get(victim));
        broker.start();
      } else {
        nodes.get(victim).kill();
        broker.stop();
        broker.start();
        nodes.set(victim, start(victim));
      }
    } finally {
      brokerStays.writeLock().unlock();
    }
  }

  private static void requireWithoutBroker(LadingProcess node) {
    try (Http http = node.http()) {
      String part = http.get("/downloads/status").json().get("parts").get("amqp").toString();
      if (!part.contains("unavailable")) {
        throw new AssertionError(part);
      }
    }
  }

  private void awaitSent(int count) {
    Traces.awaited(PATIENCE, sent::get, done -> done >= count);
  }

  private void sendAll() {
    while (sent.get() < exports) {
      brokerStays.readLock().lock();
      try (AmqpPeer peer = new AmqpPeer(broker)) {
        peer.declare(IN);
        peer.channel().confirmSelect();
        while (sent.get() < exports && !brokerStays.hasQueuedThreads()) {
          send(peer, sent.get());
          sent.incrementAndGet();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (TimeoutException e) {
        throw new IllegalStateException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } finally {
        brokerStays.readLock().unlock();
      }
    }
  }

  private static void send(AmqpPeer peer, int number)
      throws IOException, InterruptedException, TimeoutException {
    String request =
        "{'action':'export','return_queue':'%s','root':'main','client_id':'export_%d','targets':[{'type':'file','path':'%s'}]}"
            .formatted(queue(number), number, isMissing(number) ? "dog.txt" : "cat.txt")
            .replace('\'', '"');
    peer.channel()
        .basicPublish(
            "",
            IN,
            MessageProperties.MINIMAL_PERSISTENT_BASIC,
            request.getBytes(StandardCharsets.UTF_8));
    peer.channel().waitForConfirmsOrDie(PATIENCE.toMillis());
  }

  private static boolean isMissing(int number) {
    return number % MISSING == 0;
  }

  private static String queue(int number) {
    return "campaign-" + number % QUEUES;
  }

  private void receiveAll() throws Exception {
    try (AmqpPeer peer = new AmqpPeer(broker)) {
      Map<String, String> clients = new LinkedHashMap<>();
      List<Received> strays = new ArrayList<>();
      Traces.awaited(
          PATIENCE,
          () -> {
            for (int queue = 0; queue < QUEUES; queue++) {
              for (Received next = peer.poll(queue(queue));
                  next != null;
                  next = peer.poll(queue(queue))) {
                keep(next, clients, strays);
              }
            }
            return answers.values().stream().filter(all -> isEnd(all.get(all.size() - 1))).count();
          },
          ended -> ended >= exports);
      answers.put("strays", strays);
    }
  }

  /** Keeps an answer with those of its request, which only the first one names. */
  private void keep(Received next, Map<String, String> clients, List<Received> strays) {
    String id = next.json().get("id").asText();
    if (next.json().has("client_id")) {
      clients.put(id, next.json().get("client_id").asText());
    }
    String client = clients.get(id);
    if (client == null) {
      strays.add(next);
    } else {
      answers.computeIfAbsent(client, any -> new ArrayList<>()).add(next);
    }
  }

  private static boolean isEnd(Received answer) {
    return !answer.json().get("action").asText().equals("request_received");
  }

  /** What is wrong with the answers, in sentences. */
  List<String> faults() {
    List<String> faults = new ArrayList<>();
    answers.remove("strays").forEach(stray -> faults.add("before its first: " + stray.text()));
    for (int number = 0; number < exports; number++) {
      List<Received> all = answers.getOrDefault("export_" + number, List.of());
      List<String> actions =
          all.stream().map(one -> one.json().get("action").asText()).distinct().toList();
      String end = isMissing(number) ? "error" : "request_completed";
      boolean isInOrder =
          all.stream()
              .map(ExportCampaign::isEnd)
              .sorted()
              .toList()
              .equals(all.stream().map(ExportCampaign::isEnd).toList());
      long ids = all.stream().map(one -> one.json().get("id")).distinct().count();
      if (!actions.equals(List.of("request_received", end)) || !isInOrder || ids != 1) {
        faults.add(number + ": " + all.stream().map(Received::text).toList());
      }
    }
    return faults;
  }

  /** The number of answers that came again, each with the id that it had before. */
  long duplicates() {
    return answers.values().stream()
        .mapToLong(
            all ->
                all.size()
                    - all.stream()
                        .map(one -> one.response().getProps().getMessageId())
                        .distinct()
                        .count())
        .sum();
  }

  @Override
  public void close() throws IOException {
    for (LadingProcess node : nodes) {
      node.close();
    }
  }
}
