package org.lading.webhook;

import org.lading.access.Client;
import org.lading.api.ClientRoute;
import org.lading.api.create.Notifications;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.event.Channel;
import org.lading.event.Subscription;

/** Makes subscriptions of the addresses that create requests name. */
public record WebhookSubscriptions(WebhookSettings settings) implements Notifications {
  @Override
  public Subscription of(String address, Client client, ClientRoute route) {
    WebhookAddress parsed = WebhookAddress.parse(address);
    if (parsed == null) {
      throw fault(
          "must be an http or https URL in ASCII, without a user and a fragment, and its path"
              + " without empty segments, . and .., and without encoded control characters,"
              + " spaces and any of % . / ; \\");
    }
    if (client.webhookSecrets().isEmpty()) {
      throw fault("needs a client with a webhook_secret, by which messages are signed");
    }
    if (!settings.allows(parsed)) {
      throw fault("is not below an address of the setting webhooks.allow");
    }
    return new Subscription(
        Channel.WEBHOOK, parsed.url(), new WebhookContext(client.name(), route).toJson());
  }

  private static LadingException fault(String sentence) {
    return new LadingException(ErrorCode.INVALID_NOTIFY, "notify " + sentence);
  }
}
