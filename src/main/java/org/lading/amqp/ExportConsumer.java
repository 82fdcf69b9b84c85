package org.lading.amqp;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.lading.amqp.AmqpCounters.Outcome;
import org.lading.amqp.ConfirmedPublisher.UnconfirmedException;
import org.lading.amqp.ExportMessage.UnreadableException;
import org.lading.base.PrintableException;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.error.Pause;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes requests from the incoming queue, one after the other, and acknowledges each when what came
 * of it is stored. When one cannot be stored, the work ends, so that the broker keeps all that are
 * not acknowledged; it begins anew after a pause, and not before the database answers.
 */
final class ExportConsumer implements BrokerLink.Work {
  private static final Logger log = LoggerFactory.getLogger(ExportConsumer.class);

  /** The number of times that a request may make its handling fail in a way that nobody foresaw. */
  private static final int MAX_FAILURES = 3;

  private final AmqpSettings settings;
  private final ExportRequests requests;
  private final ConfirmedPublisher publisher;
  private final AmqpCounters counters;
  private final Runnable databaseCheck;
  private volatile @Nullable Session session;
  private String failing = "";
  private int failures;

  ExportConsumer(
      AmqpSettings settings,
      ExportRequests requests,
      ConfirmedPublisher publisher,
      AmqpCounters counters,
      Runnable databaseCheck) {
    this.settings = settings;
    this.requests = requests;
    this.publisher = publisher;
    this.counters = counters;
    this.databaseCheck = databaseCheck;
  }

  @Override
  public void check() {
    databaseCheck.run();
  }

  @Override
  public void run(Connection connection, Runnable begun)
      throws IOException, TimeoutException, InterruptedException {
    Queues.makeIfMissing(connection, settings.incomingQueue());
    Channel channel = Queues.open(connection);
    channel.basicQos(settings.prefetch());
    Session current = new Session(channel);
    session = current;
    try {
      channel.basicConsume(settings.incomingQueue(), false, current);
      begun.run();
      for (var next = current.take(); next.isPresent(); next = current.take()) {
        Envelope envelope = next.get().getEnvelope();
        if (!handle(next.get().getBody(), envelope.isRedeliver(), current)) {
          break;
        }
        channel.basicAck(envelope.getDeliveryTag(), false);
      }
    } finally {
      session = null;
    }
    current.requireStopped();
  }

  @Override
  public void stop() {
    Session open = session;
    if (open != null) {
      open.stop();
    }
  }

  /** Handles one message; false if the session has ended before its turn came. */
  private boolean handle(byte[] body, boolean isRedelivered, Session current)
      throws IOException, InterruptedException {
    try {
      for (Pause pause = take(body, isRedelivered); pause != null; ) {
        if (current.endsWithin(Duration.ofSeconds(pause.seconds()))) {
          return false;
        }
        pause = take(body, isRedelivered);
      }
    } catch (UnreadableException e) {
      putAside(body, String.valueOf(e.getMessage()));
    } catch (LadingException e) {
      throw e;
    } catch (RuntimeException e) {
      failed(body, e);
    }
    return true;
  }

  /**
   * Takes one message. One that comes too early for the limits is not refused: it waits here, and
   * those after it in their queue.
   *
   * @return how long it waits, or null if it was taken
   */
  private @Nullable Pause take(byte[] body, boolean isRedelivered) throws UnreadableException {
    try {
      counters.count(requests.take(body, isRedelivered));
      return null;
    } catch (LadingException e) {
      if (e.code() != ErrorCode.TOO_MANY_REQUESTS || e.pause() == null) {
        throw e;
      }
      log.debug("A message waits: {}", e.sentence());
      return e.pause();
    }
  }

  /**
   * Has a message delivered again whose handling failed; after some times it is put aside, if there
   * is a queue for that. Without one it stays: it may be this node that fails, whatever comes.
   */
  private void failed(byte[] body, RuntimeException failure) throws IOException {
    String digest = ExportMessage.digest(body);
    failures = digest.equals(failing) ? failures + 1 : 1;
    failing = digest;
    if (failures < MAX_FAILURES || settings.deadLetterQueue() == null) {
      throw failure;
    }
    log.error("The request {} fails each time", digest, PrintableException.of(failure));
    putAside(body, "its handling fails each time");
  }

  private void putAside(byte[] body, String reason) throws IOException {
    String digest = ExportMessage.digest(body);
    String queue = settings.deadLetterQueue();
    log.warn(
        "A message of {} bytes with the SHA-256 {} is {}: {}",
        body.length,
        digest,
        queue == null ? "passed over" : "put into " + queue,
        reason);
    if (queue != null) {
      try {
        publisher.publish(queue, body, digest, Map.of("reason", reason));
      } catch (UnconfirmedException e) {
        throw new IOException("a message could not be put aside: " + e.getMessage(), e);
      }
    }
    counters.count(Outcome.UNREADABLE);
  }

  /** The messages that one channel has brought. Their number is bounded by the prefetch. */
  private static final class Session extends DefaultConsumer {
    private final BlockingDeque<Optional<Delivery>> arrived = new LinkedBlockingDeque<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile String end = "";
    private volatile boolean isStopped;

    Session(Channel channel) {
      super(channel);
    }

    /** Returns the next message, or nothing if the session has ended. */
    Optional<Delivery> take() throws InterruptedException {
      return arrived.take();
    }

    /** Waits for the end of the session, at most so long; returns whether it has ended. */
    boolean endsWithin(Duration patience) throws InterruptedException {
      return ended.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    void stop() {
      isStopped = true;
      arrived.addFirst(Optional.empty());
      ended.countDown();
    }

    void requireStopped() throws IOException {
      if (!isStopped) {
        throw new IOException(end);
      }
    }

    @Override
    public void handleDelivery(
        String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
      arrived.add(Optional.of(new Delivery(envelope, properties, body)));
    }

    @Override
    public void handleCancel(String tag) {
      endAtOnce("the broker has taken the queue away");
    }

    @Override
    public void handleShutdownSignal(String tag, ShutdownSignalException signal) {
      endAtOnce(BrokerLink.reason(signal));
    }

    private void endAtOnce(String reason) {
      end = reason;
      arrived.addFirst(Optional.empty());
      ended.countDown();
    }
  }
}
