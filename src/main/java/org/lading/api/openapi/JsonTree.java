package org.lading.api.openapi;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lading.base.JsonFactories;

/**
 * A value of the description: an object, an array, or anything else as its text. What is not there
 * is an empty object.
 *
 * @param fields the fields of an object, in order
 * @param items the elements of an array
 * @param text the text of anything else, or the empty text
 */
record JsonTree(Map<String, JsonTree> fields, List<JsonTree> items, String text) {
  private static final JsonTree MISSING = new JsonTree(Map.of(), List.of(), "");

  /** Reads a text, which is one of ours. */
  static JsonTree parse(String json) {
    try (JsonParser parser = JsonFactories.DEFAULT.createParser(json)) {
      parser.nextToken();
      return read(parser);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonTree read(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      Map<String, JsonTree> fields = new LinkedHashMap<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        fields.put(name, read(parser));
      }
      return new JsonTree(fields, List.of(), "");
    }
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      List<JsonTree> items = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        items.add(read(parser));
      }
      return new JsonTree(Map.of(), items, "");
    }
    return new JsonTree(Map.of(), List.of(), parser.getText());
  }

  /** Returns the value of a field. */
  JsonTree get(String name) {
    return fields.getOrDefault(name, MISSING);
  }

  /** Returns whether there is a field. */
  boolean has(String name) {
    return fields.containsKey(name);
  }

  /** Returns the text of a field. */
  String text(String name) {
    return get(name).text();
  }

  /** Returns the value at a reference such as {@code #/components/schemas/Error}. */
  JsonTree at(String reference) {
    JsonTree value = this;
    for (String name : reference.substring("#/".length()).split("/", -1)) {
      value = value.get(name);
    }
    return value;
  }
}
