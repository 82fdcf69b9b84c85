package org.lading.event;

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

  /** Returns the receiver with a {@link #key}. */
  public static Receiver ofKey(String key) {
    int space = key.indexOf(' ');
    return new Receiver(Channel.valueOf(key.substring(0, space)), key.substring(space + 1));
  }

  /** Returns channel and name in one text, which the store can order. */
  public String key() {
    return channel.name() + " " + name;
  }
}
