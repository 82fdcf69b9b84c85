package org.lading.event;

import java.time.Duration;
import java.util.List;

/**
 * Sends the messages of one channel. Safe for several threads.
 *
 * <p>A message whose {@link Message#body} is null is about the download whose id is its stream, and
 * of which {@link Message#kind} tells; the sender finds the download, whose state may have gone on
 * since, and makes the text. The row is there for 30 days after the expiry, longer than any message
 * waits; if it is gone all the same, the outcome is {@link Outcome#never}.
 */
public interface Sender {
  /** Returns the channel whose messages this sender takes. */
  Channel channel();

  /**
   * Makes one try to send a message, which may block for some seconds. The claim is renewed
   * meanwhile, so no other node sends the message. An exception counts as {@link Outcome#tryAgain}.
   */
  Outcome send(Message message);

  /** Returns the pauses after the first, second and further failed tries; the last one repeats. */
  List<Duration> pauses();

  /**
   * Returns whether anything can be sent now. While it cannot, nothing is tried; the sender's owner
   * calls {@code Delivery.resume()} when it can.
   */
  default boolean isReady() {
    return true;
  }

  /** Returns the maximum number of messages that a node sends to one receiver at once. */
  default int maxAtOnce() {
    return 4;
  }
}
