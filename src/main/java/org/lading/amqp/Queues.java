package org.lading.amqp;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.concurrent.TimeoutException;

/** Makes the queues that are missing. */
final class Queues {
  private Queues() {}

  /**
   * Makes a durable queue, unless there is one of the name, which stays as it is. Each question is
   * put on a channel of its own, which the broker closes if the answer is no.
   */
  static void makeIfMissing(Connection connection, String queue)
      throws IOException, TimeoutException {
    Channel asking = open(connection);
    try {
      asking.queueDeclarePassive(queue);
      asking.close();
    } catch (IOException e) {
      if (codeOf(e) != AMQP.NOT_FOUND) {
        throw e;
      }
      Channel making = open(connection);
      making.queueDeclare(queue, true, false, false, null);
      making.close();
    }
  }

  /** Opens a channel. */
  static Channel open(Connection connection) throws IOException {
    return connection
        .openChannel()
        .orElseThrow(() -> new IOException("the broker allows no more channels"));
  }

  /** Returns why the broker closed a channel, or 0 if it did not. */
  static int codeOf(IOException failure) {
    if (failure.getCause() instanceof ShutdownSignalException signal) {
      Method reason = signal.getReason();
      if (reason instanceof AMQP.Channel.Close closed) {
        return closed.getReplyCode();
      }
    }
    return 0;
  }
}
