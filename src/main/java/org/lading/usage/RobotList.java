package org.lading.usage;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.lading.base.JsonFactories;

/**
 * The user agents that count as robots: regular expressions of which one is found in the name, case
 * not regarded, as the list of COUNTER's Code of Practice has them (as an array of objects with a
 * {@code pattern}, or one in each line).
 */
final class RobotList {
  private final List<Pattern> patterns;

  private RobotList(List<Pattern> patterns) {
    this.patterns = patterns;
  }

  /**
   * Reads a list; without a file there are no robots.
   *
   * @throws IllegalArgumentException if a pattern is none
   */
  static RobotList of(@Nullable Path file) throws IOException {
    if (file == null) {
      return new RobotList(List.of());
    }
    String text = Files.readString(file).strip();
    List<String> expressions = text.startsWith("[") ? fromJson(text) : text.lines().toList();
    if (expressions.isEmpty()) {
      throw new IllegalArgumentException(file + " has no patterns");
    }
    List<Pattern> patterns = new ArrayList<>();
    for (String expression : expressions) {
      if (!expression.isBlank()) {
        patterns.add(compiled(file, expression));
      }
    }
    return new RobotList(patterns);
  }

  private static Pattern compiled(Path file, String expression) {
    try {
      return Pattern.compile(expression, Pattern.CASE_INSENSITIVE);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(file + ": no pattern: " + expression, e);
    }
  }

  private static List<String> fromJson(String text) throws IOException {
    List<String> expressions = new ArrayList<>();
    try (JsonParser json = JsonFactories.DEFAULT.createParser(text)) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token == JsonToken.VALUE_STRING && "pattern".equals(json.currentName())) {
          expressions.add(json.getText());
        }
      }
    }
    return expressions;
  }

  /** Returns whether a user agent is a robot. */
  boolean matches(String userAgent) {
    return patterns.stream().anyMatch(pattern -> pattern.matcher(userAgent).find());
  }
}
