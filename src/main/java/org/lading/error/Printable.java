package org.lading.error;

/** Makes strings from strangers fit for a sentence or a log line. */
public final class Printable {
  /** The longest result, in characters, before the mark that says it was cut. */
  private static final int MAX_LENGTH = 300;

  private Printable() {}

  /**
   * The string with control characters, line separators and unpaired surrogates as {@code \}{@code
   * uXXXX}, cut after about 300 characters with {@code ...}.
   */
  public static String of(String raw) {
    StringBuilder out = new StringBuilder(Math.min(raw.length(), MAX_LENGTH) + 16);
    int i = 0;
    while (i < raw.length()) {
      if (out.length() >= MAX_LENGTH) {
        return out.append("...").toString();
      }
      int codePoint = raw.codePointAt(i);
      if (isHarmful(codePoint)) {
        out.append(String.format("\\u%04x", codePoint));
      } else {
        out.appendCodePoint(codePoint);
      }
      i += Character.charCount(codePoint);
    }
    return out.toString();
  }

  private static boolean isHarmful(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.FORMAT,
          Character.SURROGATE ->
          true;
      default -> false;
    };
  }
}
