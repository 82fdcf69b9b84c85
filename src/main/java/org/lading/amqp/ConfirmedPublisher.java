package org.lading.amqp;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Publishes messages to queues, by the default exchange, and waits until the broker has confirmed
 * that each is in its queue. A queue that is missing is made. Safe for several threads.
 */
final class ConfirmedPublisher implements BrokerLink.Work {
  private static final Duration TIME_TO_CONFIRM = Duration.ofSeconds(10);
  private static final int ABORT_MILLIS = 500;
  private static final int PERSISTENT = 2;
  private static final String CONTENT_TYPE = "application/octet-stream";

  private volatile Runnable whenReady = () -> {};
  private volatile @Nullable Session session;

  /** Sets what is run when messages can be published, for the first time and again. */
  void whenReady(Runnable task) {
    whenReady = task;
  }

  /** Tells that a message was not published, or that nobody knows whether it was. */
  static final class UnconfirmedException extends Exception {
    private static final long serialVersionUID = 1L;

    UnconfirmedException(String reason) {
      super(reason);
    }
  }

  /** What the broker says of a message. */
  private enum Answer {
    CONFIRMED,
    /** There is no such queue. */
    RETURNED,
    REFUSED
  }

  /** Returns whether messages can be published now. */
  boolean isReady() {
    Session open = session;
    return open != null && !open.isBlocked && open.channel.isOpen();
  }

  /**
   * Publishes a message, and returns when it is in its queue.
   *
   * @param id the id of the message, which no other one has that is published at the same time
   * @param headers more for those who look into a queue of messages that were put aside
   */
  void publish(String queue, byte[] body, String id, Map<String, Object> headers)
      throws UnconfirmedException {
    Session open = session;
    if (open == null || open.isBlocked) {
      throw new UnconfirmedException("the broker takes no messages now");
    }
    AMQP.BasicProperties properties =
        new AMQP.BasicProperties.Builder()
            .messageId(id)
            .contentType(CONTENT_TYPE)
            .deliveryMode(PERSISTENT)
            .priority(0)
            .headers(headers.isEmpty() ? null : headers)
            .build();
    try {
      Answer answer = open.publish(queue, body, properties);
      if (answer == Answer.RETURNED) {
        Queues.makeIfMissing(open.channel.getConnection(), queue);
        answer = open.publish(queue, body, properties);
      }
      if (answer != Answer.CONFIRMED) {
        throw new UnconfirmedException(
            answer == Answer.RETURNED
                ? "the queue is missing, though it was made"
                : "the broker refused the message");
      }
    } catch (IOException | TimeoutException | ShutdownSignalException e) {
      throw new UnconfirmedException(BrokerLink.reason(e));
    }
  }

  @Override
  public void check() {
    // The messages that are waiting are asked for later.
  }

  @Override
  public void run(Connection connection, Runnable begun) throws IOException, InterruptedException {
    Session open = new Session(Queues.open(connection));
    open.listen(connection);
    session = open;
    begun.run();
    whenReady.run();
    try {
      open.awaitEnd();
    } finally {
      session = null;
      open.failAll("the connection to the broker ended");
    }
  }

  @Override
  public void stop() {
    Session open = session;
    if (open != null) {
      open.end.complete(null);
    }
  }

  /** One channel in confirm mode, and the messages on it that are not yet confirmed. */
  private final class Session {
    private final Channel channel;
    private final CompletableFuture<@Nullable ShutdownSignalException> end =
        new CompletableFuture<>();
    private final ConcurrentNavigableMap<Long, Pending> byNumber = new ConcurrentSkipListMap<>();
    private final Map<String, Pending> byId = new ConcurrentHashMap<>();
    private volatile boolean isBlocked;

    Session(Channel channel) {
      this.channel = channel;
    }

    void listen(Connection connection) throws IOException {
      channel.addConfirmListener(
          (number, isMultiple) -> answer(number, isMultiple, Answer.CONFIRMED),
          (number, isMultiple) -> answer(number, isMultiple, Answer.REFUSED));
      // What is returned is confirmed as well, after that.
      channel.addReturnListener(
          returned -> {
            Pending pending = byId.get(returned.getProperties().getMessageId());
            if (pending != null) {
              pending.isReturned = true;
            }
          });
      connection.addBlockedListener(
          reason -> isBlocked = true,
          () -> {
            isBlocked = false;
            whenReady.run();
          });
      channel.confirmSelect();
      channel.addShutdownListener(end::complete);
    }

    Answer publish(String queue, byte[] body, AMQP.BasicProperties properties)
        throws IOException, UnconfirmedException {
      Pending pending = new Pending();
      String id = properties.getMessageId();
      synchronized (this) {
        long number = channel.getNextPublishSeqNo();
        byNumber.put(number, pending);
        byId.put(id, pending);
        channel.basicPublish("", queue, true, properties, body);
      }
      try {
        return pending.answer.get(TIME_TO_CONFIRM.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        // It might come yet, after what is sent next: nothing that is still on its way may.
        channel.getConnection().abort(ABORT_MILLIS);
        throw new UnconfirmedException("the broker did not confirm in time");
      } catch (ExecutionException e) {
        throw new UnconfirmedException(BrokerLink.reason(e.getCause() == null ? e : e.getCause()));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new UnconfirmedException("the node stops");
      } finally {
        byId.remove(id, pending);
      }
    }

    private void answer(long number, boolean isMultiple, Answer answer) {
      Map<Long, Pending> answered =
          isMultiple ? byNumber.headMap(number, true) : byNumber.subMap(number, true, number, true);
      answered
          .values()
          .removeIf(
              pending -> {
                pending.answer.complete(pending.isReturned ? Answer.RETURNED : answer);
                return true;
              });
    }

    void failAll(String reason) {
      byNumber
          .values()
          .forEach(
              pending -> pending.answer.completeExceptionally(new UnconfirmedException(reason)));
    }

    void awaitEnd() throws IOException, InterruptedException {
      try {
        ShutdownSignalException signal = end.get();
        if (signal != null) {
          throw new IOException(BrokerLink.reason(signal), signal);
        }
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** A message that is not yet confirmed. */
  private static final class Pending {
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private volatile boolean isReturned;
  }
}
