package org.lading.event;

import java.util.Optional;

/**
 * What answers or fails as one, and is sent a few messages at a time: a queue, or a server of
 * webhooks, whatever the paths are.
 *
 * @param name the queue, or scheme, host and port
 */
public record Receiver(Channel channel, String name) {
  /** Returns the receiver of a destination. */
  public static Receiver of(Channel channel, String destination) {
    return new Receiver(channel, channel.receiver(destination));
  }

  /** Returns the receiver with a {@link #key}; empty if this version does not know its channel. */
  public static Optional<Receiver> ofKey(String key) {
    for (Channel channel : Channel.values()) {
      String prefix = channel.name() + " ";
      if (key.startsWith(prefix)) {
        return Optional.of(new Receiver(channel, key.substring(prefix.length())));
      }
    }
    return Optional.empty();
  }

  /** Returns channel and name in one text, which the store can order. */
  public String key() {
    return channel.name() + " " + name;
  }
}
