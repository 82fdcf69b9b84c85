package org.lading.base;

/** Escapes untrusted text for use in a sentence, a header or a log line. */
public final class PrintableText {
  private static final int MAX_CHARS = 300;
  private static final String CUT = "...";
  private static final char LINE_SEPARATOR = '\u2028';
  private static final char PARAGRAPH_SEPARATOR = '\u2029';

  private PrintableText() {}

  /**
   * Returns the text with control characters, Unicode line breaks and lone surrogates written as
   * {@code \}{@code uXXXX} (lower-case hex); cut to 300 characters, of which the last three are
   * then {@code ...}.
   */
  public static String of(String text) {
    StringBuilder out = new StringBuilder(Math.min(text.length(), MAX_CHARS));
    int keep = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (mustBeEscaped(c)) {
        out.append(String.format("\\u%04x", c));
      } else {
        out.appendCodePoint(c);
      }
      if (out.length() > MAX_CHARS) {
        // Cut where a character ended, so that no pair of surrogates and no escape is split.
        return out.replace(keep, out.length(), CUT).toString();
      }
      if (out.length() <= MAX_CHARS - CUT.length()) {
        keep = out.length();
      }
    }
    return out.toString();
  }

  private static boolean mustBeEscaped(int c) {
    return Character.isISOControl(c)
        || c == LINE_SEPARATOR
        || c == PARAGRAPH_SEPARATOR
        || Character.getType(c) == Character.SURROGATE;
  }
}
