package org.lading.api.create;

import org.lading.access.Client;
import org.lading.api.ClientRoute;
import org.lading.event.Subscription;

/** Makes subscriptions of what create requests say in {@code notify}. */
public interface Notifications {
  /**
   * Returns the subscription of an address.
   *
   * @param client the client that asks
   * @param route how it reached Lading
   * @throws org.lading.error.LadingException {@code INVALID_NOTIFY} if it is no address, or not one
   *     that may be told
   */
  Subscription of(String address, Client client, ClientRoute route);
}
