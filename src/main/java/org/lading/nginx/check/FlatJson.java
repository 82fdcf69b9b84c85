package org.lading.nginx.check;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lading.base.JsonFactories;

/** Reads fields of JSON objects, and writes create requests. */
final class FlatJson {
  private FlatJson() {}

  /** Returns a scalar field of the object that the text is, or null. */
  static @Nullable String field(byte[] json, String name) {
    return fields(json).get(name);
  }

  /**
   * Returns the scalar fields of an object and of the objects in it, by their names with dots
   * between, such as {@code parts.database.status}; those before the fault if it is not JSON.
   */
  static Map<String, String> fields(byte[] json) {
    Map<String, String> fields = new LinkedHashMap<>();
    try (JsonParser parser = JsonFactories.DEFAULT.createParser(json)) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        object(parser, "", fields);
      }
    } catch (IOException notJson) {
      // An answer of something that is not Lading has no fields, or fewer.
      fields.putIfAbsent("", String.valueOf(notJson.getMessage()));
    }
    return fields;
  }

  private static void object(JsonParser parser, String prefix, Map<String, String> into)
      throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = prefix + parser.currentName();
      JsonToken value = parser.nextToken();
      if (value == JsonToken.START_OBJECT) {
        object(parser, name + ".", into);
      } else if (value == JsonToken.START_ARRAY) {
        parser.skipChildren();
      } else {
        into.put(name, parser.getText());
      }
    }
  }

  /** Renders a create request of targets, whose fields are strings. */
  static String request(String root, List<Map<String, String>> targets) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JsonFactories.DEFAULT.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("root", root);
      json.writeNumberField("timeout", 1);
      json.writeArrayFieldStart("targets");
      for (Map<String, String> target : targets) {
        json.writeStartObject();
        for (Map.Entry<String, String> field : target.entrySet()) {
          json.writeStringField(field.getKey(), field.getValue());
        }
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
