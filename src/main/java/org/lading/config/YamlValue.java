package org.lading.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A YAML value that remembers its line, with aliases and merges already followed. */
sealed interface YamlValue {
  /** The line where the value begins, from 1. */
  int line();

  /** Whether the value has an anchor, so that it may be there only to be referred to. */
  boolean anchored();

  /** A scalar as written, before {@code ${NAME}} is looked at; {@code text} null is YAML's null. */
  record Scalar(int line, boolean anchored, @Nullable String text) implements YamlValue {}

  /** A sequence. */
  record Items(int line, boolean anchored, List<YamlValue> values) implements YamlValue {}

  /** A mapping; keys have lost the colon in front that Ruby's symbols have. */
  record Mapping(int line, boolean anchored, Map<String, Field> fields) implements YamlValue {}

  /** A value under a key, with the line of the key. */
  record Field(int line, YamlValue value) {
    boolean isNull() {
      return value instanceof Scalar scalar && scalar.text() == null;
    }
  }
}
