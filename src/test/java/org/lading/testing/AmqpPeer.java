package org.lading.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * An application that asks for downloads by messages, as those of medusa-downloader do: it declares
 * durable queues, publishes JSON without confirms, and fetches answers one by one.
 */
public final class AmqpPeer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Connection connection;
  private final Channel channel;

  /** Connects to a broker. */
  public AmqpPeer(RabbitMq broker) throws IOException, TimeoutException {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setHost("127.0.0.1");
    factory.setPort(broker.port());
    factory.setAutomaticRecoveryEnabled(false);
    this.connection = factory.newConnection("test");
    this.channel = connection.createChannel();
  }

  /** A message that was fetched, as text and with what its properties say. */
  public record Received(String text, GetResponse response) {
    /** The text as JSON. */
    public JsonNode json() {
      try {
        return JSON.readTree(text);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The channel, which an error of the broker closes. */
  public Channel channel() {
    return channel;
  }

  /** Declares a queue as all of medusa-downloader's applications do. */
  public void declare(String queue) throws IOException {
    channel.queueDeclare(queue, true, false, false, null);
  }

  /** Publishes a text; single quotes in it stand for double ones. */
  public void send(String queue, String json) throws IOException {
    sendBytes(queue, json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  /** Publishes bytes. */
  public void sendBytes(String queue, byte[] body) throws IOException {
    declare(queue);
    channel.basicPublish("", queue, null, body);
  }

  /** The next message of a queue, which is declared; null if there is none. */
  public Received poll(String queue) {
    try {
      declare(queue);
      GetResponse got = channel.basicGet(queue, true);
      return got == null
          ? null
          : new Received(new String(got.getBody(), StandardCharsets.UTF_8), got);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next messages of a queue; fails if there are fewer after some time. */
  public List<Received> receive(String queue, int count) {
    List<Received> received = new ArrayList<>();
    Traces.awaited(
        () -> {
          Received next = poll(queue);
          while (next != null) {
            received.add(next);
            next = poll(queue);
          }
          return received;
        },
        all -> all.size() >= count);
    return received;
  }

  /** The next message of a queue, as text. */
  public String receive(String queue) {
    return receive(queue, 1).get(0).text();
  }

  /** The number of messages in a queue that nobody has taken. */
  public long ready(String queue) throws IOException {
    return channel.messageCount(queue);
  }

  @Override
  public void close() {
    connection.abort(1_000);
  }
}
