package org.lading.event;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a try to send a message has ended.
 *
 * @param result what follows
 * @param reason a sentence for the log, without secrets; empty if the message was delivered
 * @param minPause the time before which the destination wants no other try, or null
 */
public record Outcome(Result result, String reason, @Nullable Duration minPause) {
  /** What follows a try. */
  public enum Result {
    /** The receiver has the message. */
    DELIVERED,
    /** The message is sent again after a pause. */
    TRY_AGAIN,
    /**
     * The message is sent again after a pause; its destination did not take it, but the receiver
     * works.
     */
    REFUSED,
    /** The message is given up, and the destination is told no more of the stream. */
    NEVER
  }

  /** The receiver has the message. */
  public static Outcome delivered() {
    return new Outcome(Result.DELIVERED, "", null);
  }

  /** The receiver failed, and the message is to be sent again after a pause. */
  public static Outcome tryAgain(String reason) {
    return new Outcome(Result.TRY_AGAIN, reason, null);
  }

  /**
   * The message is to be sent again after a pause, as others to its destination; nothing follows
   * for other destinations of the receiver.
   *
   * @param minPause the time before which the destination wants no other try, or null
   */
  public static Outcome refused(String reason, @Nullable Duration minPause) {
    return new Outcome(Result.REFUSED, reason, minPause);
  }

  /** Neither this message nor a later one of the stream is to be sent to the destination. */
  public static Outcome never(String reason) {
    return new Outcome(Result.NEVER, reason, null);
  }
}
