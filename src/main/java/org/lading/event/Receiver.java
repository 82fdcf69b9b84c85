package org.lading.event;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What answers or fails as one, and is sent a few messages at a time: a queue, or a server of
 * webhooks, whatever the paths are.
 *
 * <p>It compares itself, since the JDK keeps the class of the last record that it compared, and
 * with it an application that was removed.
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

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Receiver that && channel == that.channel && name.equals(that.name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }
}
