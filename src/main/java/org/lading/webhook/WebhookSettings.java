package org.lading.webhook;

import java.util.List;

/**
 * The settings of webhooks.
 *
 * @param allow the addresses that may be told; each stands for all that lie below it
 */
public record WebhookSettings(List<WebhookAddress> allow) {
  /** Copies the list. */
  public WebhookSettings {
    allow = List.copyOf(allow);
  }

  /** Returns whether an address may be told. */
  boolean allows(WebhookAddress address) {
    return allow.stream().anyMatch(above -> above.covers(address));
  }
}
