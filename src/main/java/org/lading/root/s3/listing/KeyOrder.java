package org.lading.root.s3.listing;

import java.util.Comparator;

/** The order in which S3 lists keys: that of their UTF-8 bytes. */
public final class KeyOrder implements Comparator<String> {
  /** The only instance. */
  public static final KeyOrder BYTES = new KeyOrder();

  private KeyOrder() {}

  /** Returns the directory that a key is in: the key up to its last slash, with it; or empty. */
  public static String directoryOf(String key) {
    return key.substring(0, key.lastIndexOf('/') + 1);
  }

  /** Compares by code points: Java's chars have another order where surrogates are involved. */
  @Override
  public int compare(String a, String b) {
    int end = Math.min(a.length(), b.length());
    for (int i = 0; i < end; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        boolean sameWidth = Character.isSurrogate(x) == Character.isSurrogate(y);
        return sameWidth ? Character.compare(x, y) : Character.isSurrogate(x) ? 1 : -1;
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  /**
   * Tells whether a text has the same order relative to any key in the order of Java's chars, by
   * which some stores list.
   */
  static boolean isSameInCharOrder(String text) {
    return text.chars().allMatch(c -> c < Character.MIN_SURROGATE);
  }
}
