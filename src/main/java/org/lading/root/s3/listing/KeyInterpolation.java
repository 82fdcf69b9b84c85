package org.lading.root.s3.listing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Predicts the key that is a given number of keys after another, by linear interpolation: it treats
 * keys as numbers.
 *
 * <p>Each position of a key is a digit, whose values are the characters of its {@link KeyColumn}:
 * the characters that the keys of a page have there, and the others of their kind; where one key
 * has {@code 3}, all decimal digits count. The distance between two neighbours is their mean
 * distance in the page. Counters, dates and hashes are thus predicted within a few keys; words only
 * roughly.
 */
final class KeyInterpolation {
  /**
   * The number of different keys from which on further columns are left out as too fine. 2^20 and
   * 2^28: no change.
   */
  private static final long MAX_RESOLUTION = 1L << 24;

  /**
   * The maximum number of columns after the first that differs, which bounds the time for long
   * keys. 20 and 10,000: no change.
   */
  private static final int MAX_COLUMNS = 40;

  private final int prefixLength;
  private final int[][] columns;
  private final double distance;

  private KeyInterpolation(int prefixLength, int[][] columns, double distance) {
    this.prefixLength = prefixLength;
    this.columns = columns;
    this.distance = distance;
  }

  /**
   * Makes an interpolation from the keys of a page; returns null if they do not differ.
   *
   * @param prefixLength the number of chars at the beginning that all keys of the listing share
   */
  static @Nullable KeyInterpolation of(int prefixLength, List<ListedObject> page) {
    int[][] keys =
        page.stream().map(object -> codePoints(object.key(), prefixLength)).toArray(int[][]::new);
    // The second half predicts what follows; the first may begin with a few odd keys.
    int[][] half = Arrays.copyOfRange(keys, keys.length / 2, keys.length);
    int difference = half.length < 2 ? -1 : Arrays.mismatch(half[0], half[half.length - 1]);
    if (difference < 0) {
      return null;
    }
    int[][] columns = columns(keys, difference);
    boolean isSteady = Arrays.mismatch(keys[0], keys[keys.length - 1]) == difference;
    double distance = distance(columns, isSteady ? keys : half, difference);
    return new KeyInterpolation(prefixLength, columns, distance);
  }

  private static int[][] columns(int[][] keys, int difference) {
    int longest = Arrays.stream(keys).mapToInt(key -> key.length).max().orElseThrow();
    List<KeyColumn> columns = new ArrayList<>();
    for (int i = 0; i < Math.min(longest, difference + MAX_COLUMNS); i++) {
      columns.add(new KeyColumn(keys, i));
    }
    boolean isLowerHex = columns.stream().anyMatch(column -> column.isHex('a'));
    boolean isUpperHex = columns.stream().anyMatch(column -> column.isHex('A'));
    List<int[]> values = new ArrayList<>();
    double resolution = 1;
    for (int i = 0; i < columns.size() && resolution < MAX_RESOLUTION; i++) {
      values.add(columns.get(i).complete('a', isLowerHex).complete('A', isUpperHex).values());
      resolution *= i < difference ? 1 : values.get(i).length;
    }
    return values.toArray(new int[0][]);
  }

  private static double distance(int[][] columns, int[][] keys, int from) {
    double first = value(columns, keys[0], from);
    double last = value(columns, keys[keys.length - 1], from);
    return (last - first) / (keys.length - 1);
  }

  /**
   * Returns an estimate of the key that is {@code count} keys after another, or null if there is
   * none.
   */
  @Nullable String keyAfter(String key, double count) {
    if (key.length() < prefixLength) {
      return null;
    }
    int[] from = codePoints(key, prefixLength);
    int[] digits = new int[columns.length];
    double carry = Math.max(1, Math.rint(distance * count));
    for (int i = columns.length - 1; i >= 0; i--) {
      int radix = columns[i].length;
      double sum = digit(columns[i], at(from, i)) + carry;
      carry = Math.floor(sum / radix);
      digits[i] = (int) Math.min(Math.max(sum - carry * radix, 0), radix - 1);
    }
    return carry > 0 ? null : key.substring(0, prefixLength) + text(digits);
  }

  private String text(int[] digits) {
    StringBuilder text = new StringBuilder(digits.length);
    for (int i = 0; i < digits.length; i++) {
      int codePoint = columns[i][digits[i]];
      if (codePoint == KeyColumn.ABSENT) {
        break;
      }
      text.appendCodePoint(codePoint);
    }
    return text.toString();
  }

  private static double value(int[][] columns, int[] key, int from) {
    double value = 0;
    for (int i = from; i < columns.length; i++) {
      value = value * columns[i].length + digit(columns[i], at(key, i));
    }
    return value;
  }

  /** Returns the index of the last value that is not after a character; 0 if all are. */
  private static int digit(int[] column, int codePoint) {
    int found = Arrays.binarySearch(column, codePoint);
    return found >= 0 ? found : Math.max(0, -found - 2);
  }

  static int at(int[] key, int position) {
    return position < key.length ? key[position] : KeyColumn.ABSENT;
  }

  private static int[] codePoints(String key, int prefixLength) {
    int from = Math.min(prefixLength, key.length());
    int[] codePoints = new int[key.codePointCount(from, key.length())];
    for (int i = 0, at = from; i < codePoints.length; i++) {
      codePoints[i] = key.codePointAt(at);
      at += Character.charCount(codePoints[i]);
    }
    return codePoints;
  }
}
