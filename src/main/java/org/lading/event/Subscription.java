package org.lading.event;

/**
 * Who wants to be told what happens to one download.
 *
 * @param destination the queue, or the URL
 * @param context a small text of the channel's own, which comes back in each message
 */
public record Subscription(Channel channel, String destination, String context) {}
