package org.lading.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A YAML value with its line, in which aliases and merges are resolved. */
sealed interface YamlValue {
  /** Returns the line where the value begins, from 1. */
  int line();

  /** Returns whether the value has an anchor, and so may exist only to be referred to. */
  boolean anchored();

  /** A scalar as written, with {@code ${NAME}} not replaced; {@code text} null is YAML's null. */
  record Scalar(int line, boolean anchored, @Nullable String text) implements YamlValue {}

  /** A sequence. */
  record Items(int line, boolean anchored, List<YamlValue> values) implements YamlValue {}

  /** A mapping, whose keys have no leading colon, as Ruby's symbols have. */
  record Mapping(int line, boolean anchored, Map<String, Field> fields) implements YamlValue {}

  /** A value under a key, with the line of the key. */
  record Field(int line, YamlValue value) {
    boolean isNull() {
      return value instanceof Scalar scalar && scalar.text() == null;
    }
  }
}
