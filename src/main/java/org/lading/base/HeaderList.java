package org.lading.base;

import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;

/** Splits header fields whose value is a list, RFC 9110 sections 5.3 and 5.6.1. */
public final class HeaderList {
  private HeaderList() {}

  /**
   * Returns the elements of all lines of a field, in order, without the white space around them and
   * without empty ones. A comma in a quoted string does not end an element.
   */
  public static List<String> elements(Enumeration<String> lines) {
    List<String> elements = new ArrayList<>();
    while (lines.hasMoreElements()) {
      split(lines.nextElement(), ',', elements);
    }
    return elements;
  }

  /** Returns the parts of one element that semicolons separate, as {@link #elements} does. */
  public static List<String> parts(String element) {
    List<String> parts = new ArrayList<>();
    split(element, ';', parts);
    return parts;
  }

  /** Returns whether a quoted string of a line is not closed. */
  public static boolean isOpen(String line) {
    return split(line, ',', new ArrayList<>());
  }

  /** Adds the parts of a text to a list; returns whether a quoted string is not closed. */
  private static boolean split(String text, char separator, List<String> into) {
    int start = 0;
    boolean isQuoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        isQuoted = !isQuoted;
      } else if (c == '\\' && isQuoted) {
        i++;
      } else if (c == separator && !isQuoted) {
        add(text.substring(start, i), into);
        start = i + 1;
      }
    }
    add(text.substring(start), into);
    return isQuoted;
  }

  private static void add(String element, List<String> into) {
    String stripped = element.strip();
    if (!stripped.isEmpty()) {
      into.add(stripped);
    }
  }
}
