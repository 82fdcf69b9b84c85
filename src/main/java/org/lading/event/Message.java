package org.lading.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One message of the outbox. Its text is made when it is sent, so that secrets and addresses of
 * that time apply.
 *
 * @param id an opaque text that no other message has; the same at every try
 * @param stream the id of the download, or the name that {@link Outbox#add} was given. Messages of
 *     one stream to one destination are sent in order
 * @param context that of the subscription
 * @param body the text to be sent, or null if it is made of the download
 * @param created the time of the event
 * @param tries the number of tries that were begun before this one
 */
public record Message(
    String id,
    String stream,
    Channel channel,
    String destination,
    EventKind kind,
    String context,
    @Nullable String body,
    Instant created,
    int tries) {
  /** Returns what takes this message. */
  public Receiver receiver() {
    return Receiver.of(channel, destination);
  }
}
