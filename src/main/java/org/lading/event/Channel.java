package org.lading.event;

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
      int host = destination.indexOf("://");
      int path = host < 0 ? -1 : destination.indexOf('/', host + "://".length());
      return path < 0 ? destination : destination.substring(0, path);
    }
  };

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
