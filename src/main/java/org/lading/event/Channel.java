package org.lading.event;

import java.util.regex.Pattern;

/** A way on which messages leave. */
public enum Channel {
  /** Messages to queues of a broker, which are never told of an expiry. */
  AMQP {
    @Override
    public boolean carries(EventKind kind) {
      return kind != EventKind.EXPIRED;
    }

    @Override
    String receiver(String destination) {
      return destination;
    }
  },

  /**
   * Requests to URLs. Who made the request has its answer, and is not told that it was received.
   */
  WEBHOOK {
    @Override
    public boolean carries(EventKind kind) {
      return kind != EventKind.RECEIVED;
    }

    @Override
    String receiver(String destination) {
      return SERVER.matcher(destination).replaceFirst("$1$2");
    }
  };

  /** A URL, of which the scheme, and host and port, are captured; what may be secret is not. */
  private static final Pattern SERVER =
      Pattern.compile("(?s)^([^:/?#]+://)(?:[^/?#]*@)?([^/?#]*).*$");

  /** Returns whether messages of a kind go this way. */
  public abstract boolean carries(EventKind kind);

  /**
   * Returns the kind that tells of a download that was removed before it was settled: each
   * subscription hears of one end.
   */
  public EventKind removal() {
    return carries(EventKind.EXPIRED) ? EventKind.EXPIRED : EventKind.FAILED;
  }

  /**
   * Returns the part of a destination that answers or fails as one: the queue, or scheme, host and
   * port of the URL.
   */
  abstract String receiver(String destination);
}
