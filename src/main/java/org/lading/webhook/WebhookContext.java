package org.lading.webhook;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.lading.api.AnswerWriter;
import org.lading.api.ClientRoute;
import org.lading.base.JsonFactories;

/**
 * What a subscription keeps for its messages.
 *
 * @param client the name of the client that asked, whose keys sign the messages
 * @param route how the client reached Lading, for the URLs of the status
 */
record WebhookContext(String client, ClientRoute route) {
  private static final String CLIENT = "client";
  private static final String BASE = "base";
  private static final String MOD_ZIP = "mod_zip";

  /** Renders the context as an object of JSON. */
  String toJson() {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put(CLIENT, client);
    fields.put(BASE, route.base());
    fields.put(MOD_ZIP, route.modZip().name());
    return AnswerWriter.json(fields);
  }

  /** Parses what {@link #toJson} has written. */
  static WebhookContext parse(String json) {
    Map<String, String> fields = new HashMap<>();
    try (JsonParser parser = JsonFactories.DEFAULT.createParser(json)) {
      parser.nextToken();
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        fields.put(name, parser.nextTextValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new WebhookContext(
        fields.getOrDefault(CLIENT, ""),
        new ClientRoute(
            fields.getOrDefault(BASE, ""),
            ClientRoute.ModZip.valueOf(
                fields.getOrDefault(MOD_ZIP, ClientRoute.ModZip.ABSENT.name()))));
  }
}
