package org.lading.base;

/** Checks Java strings, which can hold what no Unicode text can. */
public final class UnicodeCheck {
  private UnicodeCheck() {}

  /** Tells whether a text has no half of a surrogate pair, so that UTF-8 can encode it. */
  public static boolean isValid(String text) {
    int c;
    for (int i = 0; i < text.length(); i += Character.charCount(c)) {
      c = text.codePointAt(i);
      if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
        return false;
      }
    }
    return true;
  }
}
