package org.lading.access;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.lading.base.JsonFactories;
import org.lading.base.UnicodeCheck;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/**
 * Writes an object so that two that say the same give the same text: fields in the order of their
 * names, no spaces.
 */
final class CanonicalJson {
  private CanonicalJson() {}

  /**
   * Returns the text of an object.
   *
   * @param object strings, numbers, booleans, nulls, and maps and lists of them
   * @throws LadingException {@code FORBIDDEN} if a string is not valid Unicode
   */
  static String of(Map<?, ?> object) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JsonFactories.DEFAULT.createGenerator(text)) {
      write(json, object);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!UnicodeCheck.isValid(text.toString())) {
      throw new LadingException(
          ErrorCode.FORBIDDEN, "The token of the link has a text that is not valid Unicode");
    }
    return text.toString();
  }

  private static void write(JsonGenerator json, @Nullable Object value) throws IOException {
    if (value instanceof Map<?, ?> object) {
      Map<String, Object> sorted = new TreeMap<>();
      object.forEach((name, field) -> sorted.put(String.valueOf(name), field));
      json.writeStartObject();
      for (Map.Entry<String, Object> field : sorted.entrySet()) {
        json.writeFieldName(field.getKey());
        write(json, field.getValue());
      }
      json.writeEndObject();
    } else if (value instanceof List<?> array) {
      json.writeStartArray();
      for (Object element : array) {
        write(json, element);
      }
      json.writeEndArray();
    } else {
      json.writeObject(value);
    }
  }
}
