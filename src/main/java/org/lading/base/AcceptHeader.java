package org.lading.base;

import java.util.Enumeration;
import java.util.List;
import java.util.Locale;

/** Evaluates {@code Accept} headers, RFC 9110 section 12.5.1. */
public final class AcceptHeader {
  private AcceptHeader() {}

  /**
   * Returns whether a client would rather have HTML than JSON, as a browser does. Without a header,
   * or where both are as good, it would not; what is malformed counts as absent.
   */
  public static boolean prefersHtml(Enumeration<String> lines) {
    List<String> ranges = HeaderList.elements(lines);
    return quality(ranges, "text", "html") > quality(ranges, "application", "json");
  }

  /** Returns the quality that the most specific range gives a type: 0 to 1. */
  private static double quality(List<String> ranges, String type, String subtype) {
    double quality = 0;
    int specificity = 0;
    for (String range : ranges) {
      List<String> parts = HeaderList.parts(range.toLowerCase(Locale.ROOT));
      int matched = parts.isEmpty() ? 0 : specificity(parts.get(0), type, subtype);
      if (matched > specificity) {
        specificity = matched;
        quality = quality(parts);
      }
    }
    return quality;
  }

  private static int specificity(String range, String type, String subtype) {
    if (range.equals(type + "/" + subtype)) {
      return 3;
    }
    if (range.equals(type + "/*")) {
      return 2;
    }
    return range.equals("*/*") ? 1 : 0;
  }

  private static double quality(List<String> parts) {
    for (String part : parts) {
      if (part.matches("q\\s*=\\s*(0(\\.\\d*)?|1(\\.0*)?)")) {
        return Double.parseDouble(part.substring(part.indexOf('=') + 1).strip());
      }
    }
    return 1;
  }
}
