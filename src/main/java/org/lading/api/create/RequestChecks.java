package org.lading.api.create;

import java.util.function.Consumer;
import org.lading.access.Client;
import org.lading.api.ClientRoute;
import org.lading.error.LadingException;
import org.lading.request.CreateRequestReader.Checks;
import org.lading.request.RequestRules;
import org.lading.request.RootCheck;

/**
 * What create requests that come over HTTP are held to.
 *
 * @param rules the settings
 * @param roots checks the roots that they name
 * @param notifications makes subscriptions of the addresses that they name
 */
public record RequestChecks(RequestRules rules, RootCheck roots, Notifications notifications) {
  /** Makes checks that end at the first fault. */
  Checks of(Client client, ClientRoute route) {
    return new Checks(rules, roots.of(client), address -> notifications.of(address, client, route));
  }

  /** Makes checks that give faults that are not of the whole request to a consumer. */
  Checks of(Client client, ClientRoute route, Consumer<LadingException> faults) {
    Checks all = of(client, route);
    return new Checks(all.rules(), all.rootCheck(), all.subscriber(), faults);
  }
}
