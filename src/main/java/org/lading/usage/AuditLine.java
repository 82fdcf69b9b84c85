package org.lading.usage;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.lading.base.JsonFactories;

/**
 * One line of an audit log: an object whose fields are scalars and lists of strings. What a logger
 * has put before the object is passed over. nginx writes empty strings for what it does not know,
 * which count as absent, and lists as one text with commas.
 */
final class AuditLine {
  private static final int MAX_ELEMENTS = 1000;

  /**
   * What may stand before the object: nothing, or what a logger puts there whose name comes right
   * after the level. Other lines of a log may have names of strangers, with such an object in them.
   */
  private static final Pattern LOGGERS =
      Pattern.compile(
          "|(<[0-7]>)?([-0-9A-Za-z:.,+]{1,64} ){0,5}(\\w{1,32}\\[\\d{1,9}]: )?INFO +(\\[[^]\\[]{0,80}] )?lading[.]audit(?:[.][\\w.$]{1,80})?:? ?");

  private final Map<String, String> scalars = new HashMap<>();
  private final Map<String, List<String>> lists = new HashMap<>();
  private final Instant time;

  private AuditLine(String line) throws IOException {
    try (JsonParser json = JsonFactories.DEFAULT.createParser(line)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("no JSON object");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        field(json.currentName(), json);
      }
    }
    try {
      time = OffsetDateTime.parse(required("time")).toInstant();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("time is none: " + text("time"), e);
    }
  }

  private void field(String name, JsonParser json) throws IOException {
    JsonToken value = json.nextToken();
    if (value == JsonToken.START_ARRAY) {
      List<String> elements = new ArrayList<>();
      for (JsonToken element = json.nextToken();
          element != JsonToken.END_ARRAY;
          element = json.nextToken()) {
        if (element == null || element.isStructStart()) {
          throw new IllegalArgumentException(name + " is no list of strings");
        }
        elements.add(json.getText());
      }
      lists.put(name, elements);
    } else if (value == JsonToken.START_OBJECT) {
      json.skipChildren();
    } else if (value != JsonToken.VALUE_NULL) {
      scalars.put(name, json.getText());
    }
  }

  /**
   * Reads a line.
   *
   * @throws IllegalArgumentException if it is none of an audit log
   */
  static AuditLine parse(String line) {
    try {
      int begin = Math.max(0, line.indexOf('{'));
      if (!LOGGERS.matcher(line).region(0, begin).matches()) {
        throw new IllegalArgumentException("no line of the audit log");
      }
      return new AuditLine(line.substring(begin));
    } catch (IOException e) {
      throw new IllegalArgumentException("no JSON", e);
    }
  }

  /** Returns when the line was written. */
  Instant time() {
    return time;
  }

  /** Returns a field, or null. */
  @Nullable String text(String name) {
    String value = scalars.get(name);
    return "".equals(value) ? null : value;
  }

  /** Returns a field, which may be empty, or null if the line has none. */
  @Nullable String given(String name) {
    return scalars.get(name);
  }

  /** Returns a field that must be there. */
  String required(String name) {
    String value = text(name);
    if (value == null) {
      throw new IllegalArgumentException("no " + name);
    }
    return value;
  }

  /** Returns a number that is not negative, or null. */
  @Nullable Long number(String name) {
    Long number = signed(name);
    if (number != null && number < 0) {
      throw new IllegalArgumentException(name + " is negative: " + number);
    }
    return number;
  }

  /** Returns a number, or null. */
  @Nullable Long signed(String name) {
    String value = text(name);
    try {
      return value == null ? null : Long.valueOf(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " is no number: " + value, e);
    }
  }

  /** Returns a list of strings, empty if there is none. */
  List<String> list(String name) {
    String joined = text(name);
    return joined == null
        ? lists.getOrDefault(name, List.of())
        : List.of(joined.split(",", MAX_ELEMENTS));
  }
}
