package org.lading.browse;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lading.access.PercentDecoding;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/**
 * The fields of a form or of a query, {@code application/x-www-form-urlencoded}. The container is
 * not asked for them: it would look for them in the body, which is read already.
 */
final class FormFields {
  /** The maximum number of fields: some for each of a large number of ticks. */
  static final int MAX_FIELDS = 20_000;

  private final Map<String, List<String>> values = new LinkedHashMap<>();

  private FormFields() {}

  /** Parses fields; {@code UNPARSEABLE} if one is malformed, {@code TOO_LARGE} if they are many. */
  static FormFields parse(@Nullable String text) {
    FormFields fields = new FormFields();
    if (text == null || text.isEmpty()) {
      return fields;
    }
    int count = 0;
    for (int from = 0; from <= text.length(); ) {
      int and = text.indexOf('&', from);
      int to = and < 0 ? text.length() : and;
      if (to > from) {
        count++;
        if (count > MAX_FIELDS) {
          throw new LadingException(
              ErrorCode.TOO_LARGE, "The form has more than " + MAX_FIELDS + " fields");
        }
        fields.add(text.substring(from, to));
      }
      from = to + 1;
    }
    return fields;
  }

  private void add(String field) {
    int equals = field.indexOf('=');
    String name = decode(equals < 0 ? field : field.substring(0, equals));
    String value = equals < 0 ? "" : decode(field.substring(equals + 1));
    values.computeIfAbsent(name, first -> new ArrayList<>()).add(value);
  }

  /** Returns the first value of a field, or an empty text. */
  String first(String name) {
    List<String> all = values.get(name);
    return all == null ? "" : all.get(0);
  }

  /** Returns all values of a field in their order. */
  List<String> all(String name) {
    return values.getOrDefault(name, List.of());
  }

  /** Decodes {@code %XX} and {@code +}; {@code UNPARSEABLE} if that is no UTF-8. */
  static String decode(String encoded) {
    if (encoded.chars().anyMatch(c -> c >= 0x80)) {
      throw malformed(null);
    }
    try {
      return PercentDecoding.decode(encoded.replace('+', ' '), "form");
    } catch (LadingException e) {
      throw malformed(e);
    }
  }

  private static LadingException malformed(@Nullable Throwable cause) {
    return new LadingException(
        ErrorCode.UNPARSEABLE, "The form or the query is not encoded as one in UTF-8", cause);
  }
}
