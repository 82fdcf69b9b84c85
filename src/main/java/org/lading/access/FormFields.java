package org.lading.access;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/**
 * The fields of a form or of a query, {@code application/x-www-form-urlencoded}: {@code
 * name=a+b&token=...}. A name counts as it is written, as for the logs that leave tokens out; a
 * value is decoded when it is asked for, so that those of other fields do not matter. The container
 * is not asked for them: it would look for them in the body, which is read already.
 */
public final class FormFields {
  /** The maximum number of fields: some for each of a large number of ticks. */
  public static final int MAX_FIELDS = 20_000;

  private final Map<String, List<String>> values = new LinkedHashMap<>();

  private FormFields() {}

  /** Splits a text into fields; {@code TOO_LARGE} if they are many. */
  public static FormFields parse(@Nullable String text) {
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
    String name = equals < 0 ? field : field.substring(0, equals);
    String value = equals < 0 ? "" : field.substring(equals + 1);
    values.computeIfAbsent(name, first -> new ArrayList<>()).add(value);
  }

  /**
   * Returns the value of a field that is there once at most, or null if it is not there.
   *
   * @throws LadingException {@code UNPARSEABLE} if it is there twice, or is malformed
   */
  public @Nullable String find(String name) {
    List<String> all = values.getOrDefault(name, List.of());
    if (all.size() > 1) {
      throw new LadingException(ErrorCode.UNPARSEABLE, "The link has two of " + name);
    }
    return all.isEmpty() ? null : decode(all.get(0), name);
  }

  /** Returns the value as {@link #find} does, or an empty text if the field is not there. */
  public String value(String name) {
    String value = find(name);
    return value == null ? "" : value;
  }

  /** Returns all values of a field in their order; {@code UNPARSEABLE} if one is malformed. */
  public List<String> all(String name) {
    return values.getOrDefault(name, List.of()).stream().map(value -> decode(value, name)).toList();
  }

  /**
   * Decodes {@code %XX} and {@code +}; {@code UNPARSEABLE} if that is no UTF-8.
   *
   * @param name the name of the field, for the sentence of a failure
   */
  public static String decode(String encoded, String name) {
    if (encoded.chars().anyMatch(c -> c >= 0x80)) {
      throw new LadingException(
          ErrorCode.UNPARSEABLE, "The " + name + " of the link is not percent-encoded");
    }
    return PercentDecoding.decode(encoded.replace('+', ' '), name);
  }
}
