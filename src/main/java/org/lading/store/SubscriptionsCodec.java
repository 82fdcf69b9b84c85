package org.lading.store;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lading.event.Channel;
import org.lading.event.Subscription;

/**
 * Encodes who wants to be told of a download, and decodes it: their number, and of each the name of
 * the channel, the destination and the context. The form is bytes, as that of {@link FailureCodec}.
 */
final class SubscriptionsCodec {
  private static final int USUAL_LENGTH = 256;

  private SubscriptionsCodec() {}

  /** Encodes subscriptions; null if there are none. */
  static byte @Nullable [] encode(List<Subscription> subscriptions) {
    if (subscriptions.isEmpty()) {
      return null;
    }
    RecordOutput out = new RecordOutput(USUAL_LENGTH);
    out.writeNumber(subscriptions.size());
    for (Subscription one : subscriptions) {
      out.writeText(one.channel().name());
      out.writeText(one.destination());
      out.writeText(one.context());
    }
    return out.finish();
  }

  static List<Subscription> decode(byte @Nullable [] stored) {
    if (stored == null) {
      return List.of();
    }
    RecordInput in = new RecordInput(stored, 0);
    long count = in.readNumber();
    List<Subscription> all = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      Channel channel = Channel.valueOf(in.readText());
      all.add(new Subscription(channel, in.readText(), in.readText()));
    }
    return all;
  }
}
