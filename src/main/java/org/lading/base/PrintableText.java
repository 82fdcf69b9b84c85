package org.lading.base;

import java.util.regex.Pattern;

/** Escapes untrusted text for use in a sentence, a header or a log line. */
public final class PrintableText {
  private static final int MAX_CHARS = 300;
  private static final String CUT = "...";

  /** The maximum length of the escape of a character: of NUL in JSON, of a quote in HTML. */
  private static final int MAX_ESCAPE_BYTES = 6;

  private static final char LINE_SEPARATOR = '\u2028';
  private static final char PARAGRAPH_SEPARATOR = '\u2029';

  /** The number of characters of an id that are told: who has all of it has the download. */
  private static final int MAX_ID_CHARS = 12;

  /** A path segment that may be an id, of which the first characters are told. */
  private static final Pattern ID_IN_PATH =
      Pattern.compile("(?<=/)([\\w-]{" + MAX_ID_CHARS + "})[\\w-]{10,}(?=/|$)");

  private PrintableText() {}

  /** Returns the part of a download's id that logs and pages may tell. */
  public static String ofId(String id) {
    return of(id.substring(0, Math.min(id.length(), MAX_ID_CHARS)));
  }

  /** Returns a path of a request, as {@link #of(String)} does, without the rest of any id. */
  public static String ofPath(String path) {
    return of(ID_IN_PATH.matcher(path).replaceAll("$1"));
  }

  /**
   * Returns the text with control characters, Unicode line breaks and lone surrogates written as
   * {@code \}{@code uXXXX} (lower-case hex); cut to 300 characters, of which the last three are
   * then {@code ...}.
   */
  public static String of(String text) {
    return of(text, MAX_CHARS);
  }

  /** Does the same with another maximum number of characters. */
  public static String of(String text, int maxChars) {
    StringBuilder out = new StringBuilder(Math.min(text.length(), maxChars));
    int keep = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (mustBeEscaped(c)) {
        out.append(String.format("\\u%04x", c));
      } else {
        out.appendCodePoint(c);
      }
      if (out.length() > maxChars) {
        // Cut where a character ended, so that no pair of surrogates and no escape is split.
        return out.replace(keep, out.length(), CUT).toString();
      }
      if (out.length() <= maxChars - CUT.length()) {
        keep = out.length();
      }
    }
    return out.toString();
  }

  /**
   * Returns the text, cut so that it takes at most {@code maxBytes} bytes in JSON and in HTML; a
   * cut text ends in {@code ...}. Nothing is escaped, and no pair of surrogates is split.
   */
  public static String cut(String text, int maxBytes) {
    int bytes = 0;
    int keep = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      bytes += maxBytesOf(c);
      if (bytes > maxBytes) {
        return text.substring(0, keep) + CUT;
      }
      i += Character.charCount(c);
      if (bytes <= maxBytes - CUT.length()) {
        keep = i;
      }
    }
    return text;
  }

  /**
   * Returns the number of bytes of a character in UTF-8, or as its escape in JSON or HTML. Jackson
   * escapes both halves of a pair of surrogates.
   */
  private static int maxBytesOf(int c) {
    if (c < ' ' || "\"&'<>\\".indexOf(c) >= 0) {
      return MAX_ESCAPE_BYTES;
    }
    if (Character.isSupplementaryCodePoint(c)) {
      return 2 * MAX_ESCAPE_BYTES;
    }
    if (c < 0x80) {
      return 1;
    }
    return c < 0x800 ? 2 : 3;
  }

  private static boolean mustBeEscaped(int c) {
    return Character.isISOControl(c)
        || c == LINE_SEPARATOR
        || c == PARAGRAPH_SEPARATOR
        || Character.getType(c) == Character.SURROGATE;
  }
}
