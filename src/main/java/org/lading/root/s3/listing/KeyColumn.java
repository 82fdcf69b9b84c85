package org.lading.root.s3.listing;

import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * One column of consecutive keys: the set of characters that they have, or may have, at the same
 * position. It serves as a digit of {@link KeyInterpolation}.
 */
final class KeyColumn {
  /** The value of a position after the end of a key. */
  static final int ABSENT = -1;

  private static final int ASCII = 128;

  private final NavigableSet<Integer> values = new TreeSet<>();
  private int min = 0;
  private int max = Character.MAX_CODE_POINT;

  KeyColumn(int[][] keys, int position) {
    boolean[] isAsciiSeen = new boolean[ASCII];
    int before = KeyInterpolation.at(keys[0], position);
    values.add(before);
    boolean wraps = false;
    for (int[] key : keys) {
      int value = KeyInterpolation.at(key, position);
      wraps |= value < before;
      boolean isAscii = value >= 0 && value < ASCII;
      // Nearly all keys end here, so that a page takes little time.
      if (value != before && !(isAscii && isAsciiSeen[value])) {
        values.add(value);
        if (isAscii) {
          isAsciiSeen[value] = true;
        }
      }
      before = value;
    }
    if (wraps) {
      // The column counted through its last value to its first one, so it has no others.
      min = values.first();
      max = values.last();
    }
  }

  /**
   * Tells whether the column has hex digits only, among them three decimal ones and two letters.
   */
  boolean isHex(int a) {
    return count('0', '9') >= 3
        && count(a, a + 5) >= 2
        && count('0', '9') + count(a, a + 5) == values.size();
  }

  /** Adds the other characters of the kinds that were found: digits, letters, hex digits. */
  KeyColumn complete(int a, boolean isHex) {
    int digits = count('0', '9');
    int letters = count(a, a + 25);
    boolean onlyHex = isHex && count(a + 6, a + 25) == 0;
    if (digits > 0 || (onlyHex && letters > 0)) {
      add('0', '9');
    }
    // A single letter is part of a word rather than a digit.
    if (letters > 1 || (onlyHex && digits > 0)) {
      add(a, onlyHex ? a + 5 : a + 25);
    }
    return this;
  }

  /** Returns all values in their order. */
  int[] values() {
    return values.stream().mapToInt(Integer::intValue).toArray();
  }

  private int count(int from, int to) {
    return values.subSet(from, true, to, true).size();
  }

  private void add(int from, int to) {
    for (int value = Math.max(from, min); value <= Math.min(to, max); value++) {
      values.add(value);
    }
  }
}
