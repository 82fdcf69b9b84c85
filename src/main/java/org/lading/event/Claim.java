package org.lading.event;

/**
 * The right of one node to send a message, until the time to which it was claimed or renewed.
 *
 * @param number the place of the message in the outbox
 * @param message its {@link Message#tries} tells this claim from earlier and later ones
 */
public record Claim(long number, Message message) {}
