package org.lading.amqp;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The settings of requests that come as messages.
 *
 * @param broker the broker that has all queues
 * @param incomingQueue the queue of the requests
 * @param returnQueues the queues to which answers may go, or null for any
 * @param deadLetterQueue the queue of the messages that cannot be read, or null to only log them
 * @param prefetch the number of requests that the broker hands out before they are acknowledged
 * @param roots the names of the roots that requests may use
 */
public record AmqpSettings(
    BrokerSettings broker,
    String incomingQueue,
    @Nullable Set<String> returnQueues,
    @Nullable String deadLetterQueue,
    int prefetch,
    Set<String> roots) {
  /** Copies the sets. */
  public AmqpSettings {
    returnQueues = returnQueues == null ? null : Set.copyOf(returnQueues);
    roots = Set.copyOf(roots);
  }

  /** Returns whether answers may go to a queue. */
  boolean mayAnswerTo(String queue) {
    return returnQueues == null || returnQueues.contains(queue);
  }
}
