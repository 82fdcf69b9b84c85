package org.lading.config;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces <code>${NAME}</code> and <code>${NAME:-default}</code> from the environment; <code>$${
 * </code> stands for a literal <code>${</code>. References in replaced values are not replaced.
 */
final class EnvironmentInterpolation {
  private static final Pattern REFERENCE =
      Pattern.compile("\\$(?<literal>\\$\\{)|\\$\\{(?<name>[A-Za-z_][A-Za-z0-9_]*)?");

  private final Map<String, String> environment;

  /** Makes an interpolation from an environment. */
  EnvironmentInterpolation(Map<String, String> environment) {
    this.environment = environment;
  }

  /** A reference that cannot be replaced; the message has names, never values. */
  static final class InvalidReferenceException extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidReferenceException(String message) {
      super(message);
    }
  }

  /** Replaces all references in a value. */
  String apply(String raw) throws InvalidReferenceException {
    if (raw.contains("<%")) {
      throw new InvalidReferenceException(
          "ERB (<% %>) is not supported; ${NAME} takes environment variables");
    }
    StringBuilder out = new StringBuilder();
    Matcher matcher = REFERENCE.matcher(raw);
    int done = 0;
    while (matcher.find(done)) {
      out.append(raw, done, matcher.start());
      if (matcher.group("literal") != null) {
        out.append("${");
        done = matcher.end();
      } else {
        done = replace(raw, matcher, out);
      }
    }
    return out.append(raw, done, raw.length()).toString();
  }

  private int replace(String raw, Matcher matcher, StringBuilder out)
      throws InvalidReferenceException {
    String name = matcher.group("name");
    int close = raw.indexOf('}', matcher.end());
    if (name == null || close < 0) {
      throw new InvalidReferenceException(
          "${ does not begin ${NAME} or ${NAME:-default}; $${ is a literal ${");
    }
    String rest = raw.substring(matcher.end(), close);
    if (!rest.isEmpty() && !rest.startsWith(":-")) {
      throw new InvalidReferenceException("${" + name + " is not followed by } or :-");
    }
    if (rest.contains("${")) {
      // The first } would end both.
      throw new InvalidReferenceException(
          "the default of ${" + name + ":-} has a reference of its own, which is not replaced");
    }
    String value = environment.get(name);
    if (value == null && rest.isEmpty()) {
      throw new InvalidReferenceException("the environment variable " + name + " is not set");
    }
    // As in a shell, :- also replaces a variable that is set but empty.
    boolean useDefault = !rest.isEmpty() && (value == null || value.isEmpty());
    out.append(useDefault ? rest.substring(2) : value);
    return close + 1;
  }
}
