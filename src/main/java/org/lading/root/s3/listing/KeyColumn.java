package org.lading.root.s3.listing;

import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * What stands in one place of keys that follow one another: the values of a digit, as far as they
 * were seen, and as far as they can be guessed.
 */
final class KeyColumn {
  /** The value where a key has ended already. */
  static final int ABSENT = -1;

  private static final int ASCII = 128;

  private final NavigableSet<Integer> seen = new TreeSet<>();
  private int least = 0;
  private int most = Character.MAX_CODE_POINT;

  KeyColumn(int[][] keys, int place) {
    boolean[] isAsciiSeen = new boolean[ASCII];
    int before = KeyInterpolation.at(keys[0], place);
    seen.add(before);
    boolean wraps = false;
    for (int[] key : keys) {
      int value = KeyInterpolation.at(key, place);
      wraps |= value < before;
      boolean isAscii = value >= 0 && value < ASCII;
      // Nearly all keys end here, so that a page is learned from in little time.
      if (value != before && !(isAscii && isAsciiSeen[value])) {
        seen.add(value);
        if (isAscii) {
          isAsciiSeen[value] = true;
        }
      }
      before = value;
    }
    if (wraps) {
      // It went through its last value and through its first one.
      least = seen.first();
      most = seen.last();
    }
  }

  int size() {
    return seen.size();
  }

  /** Whether so many hex digits, and nothing else, were seen that it can be nothing else. */
  boolean isHex(int a) {
    return seen('0', '9') >= 3
        && seen(a, a + 5) >= 2
        && seen('0', '9') + seen(a, a + 5) == seen.size();
  }

  /** Adds the other values of the kinds that were seen. */
  KeyColumn complete(int a, boolean isHex) {
    int digits = seen('0', '9');
    int letters = seen(a, a + 25);
    boolean onlyHex = isHex && seen(a + 6, a + 25) == 0;
    if (digits > 0 || (onlyHex && letters > 0)) {
      add('0', '9');
    }
    // A letter that does not change is part of a word, and nothing that counts.
    if (letters > 1 || (onlyHex && digits > 0)) {
      add(a, onlyHex ? a + 5 : a + 25);
    }
    return this;
  }

  /** All values in their order. */
  int[] values() {
    return seen.stream().mapToInt(Integer::intValue).toArray();
  }

  private int seen(int from, int to) {
    return seen.subSet(from, true, to, true).size();
  }

  private void add(int from, int to) {
    for (int value = Math.max(from, least); value <= Math.min(to, most); value++) {
      seen.add(value);
    }
  }
}
