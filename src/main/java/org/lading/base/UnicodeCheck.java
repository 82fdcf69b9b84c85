package org.lading.base;

/** Checks whether Java strings are valid Unicode. */
public final class UnicodeCheck {
  private UnicodeCheck() {}

  /** Tells whether a text has no lone surrogate, so that UTF-8 can encode it. */
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
