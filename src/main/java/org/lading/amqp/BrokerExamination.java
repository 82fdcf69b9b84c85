package org.lading.amqp;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.concurrent.TimeoutException;

/** A look at the broker and at the queue of requests: it makes none, and takes no message. */
public final class BrokerExamination {
  private BrokerExamination() {}

  /**
   * Returns a sentence about the queue of requests.
   *
   * @throws IOException if the broker cannot be reached, or lets this user have no look
   */
  public static String of(AmqpSettings settings)
      throws IOException, TimeoutException, GeneralSecurityException {
    String queue = settings.incomingQueue();
    try (Connection connection = new BrokerConnector(settings.broker()).open("check")) {
      try (Channel channel = Queues.open(connection)) {
        AMQP.Queue.DeclareOk found = channel.queueDeclarePassive(queue);
        return "the queue %s has messages: %d; consumers: %d%s"
            .formatted(
                queue,
                found.getMessageCount(),
                found.getConsumerCount(),
                found.getConsumerCount() == 0 ? "" : ", stop those that are no Lading");
      } catch (IOException e) {
        if (Queues.codeOf(e) != AMQP.NOT_FOUND) {
          throw e;
        }
        return "there is no queue " + queue + " yet: Lading makes it when it starts";
      }
    }
  }
}
