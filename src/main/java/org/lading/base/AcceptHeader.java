package org.lading.base;

import java.util.Enumeration;
import java.util.List;
import java.util.Locale;

/**
 * Evaluates {@code Accept} and {@code Accept-Language} headers, RFC 9110 sections 12.5.1 and
 * 12.5.4.
 */
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

  /** Returns whether a client would rather have HTML, and takes no archive of type zip at all. */
  public static boolean wantsOnlyHtml(Enumeration<String> lines) {
    List<String> ranges = HeaderList.elements(lines);
    return quality(ranges, "text", "html") > quality(ranges, "application", "json")
        && quality(ranges, "application", "zip") == 0;
  }

  /**
   * Returns the index of the language that a client likes best: of several, the one that it names
   * first. Without a header, and where none is liked, that is the first one.
   *
   * @param languages primary tags in lower case, such as {@code en}, which serve readers of {@code
   *     en-GB} too
   */
  public static int bestLanguage(Enumeration<String> lines, List<String> languages) {
    List<String> ranges = HeaderList.elements(lines);
    int best = 0;
    double bestQuality = 0;
    int bestPlace = Integer.MAX_VALUE;
    for (int i = 0; i < languages.size(); i++) {
      int place = placeOf(languages.get(i), ranges);
      double quality =
          place < 0 ? 0 : quality(HeaderList.parts(ranges.get(place).toLowerCase(Locale.ROOT)));
      if (quality > bestQuality || (quality == bestQuality && quality > 0 && place < bestPlace)) {
        best = i;
        bestQuality = quality;
        bestPlace = place;
      }
    }
    return best;
  }

  /**
   * Returns the place of the range that decides about a language, or -1: of those that name it the
   * one of the highest quality, else {@code *}.
   */
  private static int placeOf(String language, List<String> ranges) {
    int named = -1;
    int any = -1;
    double quality = -1;
    for (int i = 0; i < ranges.size(); i++) {
      List<String> parts = HeaderList.parts(ranges.get(i).toLowerCase(Locale.ROOT));
      String range = parts.isEmpty() ? "" : parts.get(0);
      if ((range.equals(language) || range.startsWith(language + "-"))
          && quality(parts) > quality) {
        named = i;
        quality = quality(parts);
      } else if (range.equals("*") && any < 0) {
        any = i;
      }
    }
    return named >= 0 ? named : any;
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
