package org.lading.root.s3.listing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes keys for numbers, so that it can be guessed which key comes so many keys later.
 *
 * <p>Each place of a key is a digit, whose values are the characters that keys have there, and the
 * others of their kind: where one has {@code 3}, all decimal digits count. The distance between two
 * neighbours is what it was on average among the keys that the scale was made of.
 */
final class KeyInterpolation {
  /** Finer than this, differences between keys do not matter. */
  private static final long FINEST = 1L << 24;

  /** How much may lie between two distances that count as the same. */
  private static final double ALIKE = 1.3;

  /** What a new page counts beside all before. */
  private static final double NEWS = 0.3;

  private static final int MOST_PLACES = 40;

  private final int skipped;
  private final int[][] places;
  private final double distance;

  private KeyInterpolation(int skipped, int[][] places, double distance) {
    this.skipped = skipped;
    this.places = places;
    this.distance = distance;
  }

  /**
   * The scale of the keys of a page, or null if they tell nothing.
   *
   * @param skipped how many chars all keys have in common, which stay
   * @param before the scale of a page before; where the two agree, both count
   */
  static @Nullable KeyInterpolation of(
      int skipped, List<ListedObject> page, @Nullable KeyInterpolation before) {
    int[][] keys =
        page.stream().map(object -> codePoints(object.key(), skipped)).toArray(int[][]::new);
    // A few odd keys at the beginning say little about what follows.
    int[][] half = Arrays.copyOfRange(keys, keys.length / 2, keys.length);
    int difference = half.length < 2 ? -1 : Arrays.mismatch(half[0], half[half.length - 1]);
    if (difference < 0) {
      return null;
    }
    int[][] places = places(keys, difference);
    double distance = distance(places, half, difference);
    double wider = distance(places, keys, difference);
    boolean isSteady =
        Arrays.mismatch(keys[0], keys[keys.length - 1]) == difference && areAlike(distance, wider);
    distance = isSteady ? wider : distance;
    if (before != null
        && areAlike(distance, before.distance)
        && Arrays.deepEquals(places, before.places)) {
      distance = distance * NEWS + before.distance * (1 - NEWS);
    }
    return new KeyInterpolation(skipped, places, distance);
  }

  private static int[][] places(int[][] keys, int difference) {
    int longest = Arrays.stream(keys).mapToInt(key -> key.length).max().orElseThrow();
    List<KeyColumn> places = new ArrayList<>();
    for (int i = 0; i < Math.min(longest, difference + MOST_PLACES); i++) {
      places.add(new KeyColumn(keys, i));
    }
    boolean isLowerHex = places.stream().anyMatch(place -> place.isHex('a'));
    boolean isUpperHex = places.stream().anyMatch(place -> place.isHex('A'));
    List<int[]> values = new ArrayList<>();
    double fineness = 1;
    for (int i = 0; i < places.size() && fineness < FINEST; i++) {
      values.add(places.get(i).complete('a', isLowerHex).complete('A', isUpperHex).values());
      fineness *= i < difference ? 1 : values.get(i).length;
    }
    return values.toArray(new int[0][]);
  }

  private static double distance(int[][] places, int[][] keys, int from) {
    double first = value(places, keys[0], from);
    double last = value(places, keys[keys.length - 1], from);
    return (last - first) / (keys.length - 1);
  }

  private static boolean areAlike(double a, double b) {
    return a < b * ALIKE && b < a * ALIKE;
  }

  /** About the key that lies so many keys behind another, or null if none can. */
  @Nullable String ahead(String key, double keys) {
    if (key.length() < skipped) {
      return null;
    }
    int[] from = codePoints(key, skipped);
    int[] digits = new int[places.length];
    double carry = Math.max(1, Math.rint(distance * keys));
    for (int i = places.length - 1; i >= 0; i--) {
      int radix = places[i].length;
      double sum = digit(places[i], at(from, i)) + carry;
      carry = Math.floor(sum / radix);
      digits[i] = (int) Math.min(Math.max(sum - carry * radix, 0), radix - 1);
    }
    return carry > 0 ? null : key.substring(0, skipped) + text(digits);
  }

  private String text(int[] digits) {
    StringBuilder text = new StringBuilder(digits.length);
    for (int i = 0; i < digits.length; i++) {
      int codePoint = places[i][digits[i]];
      if (codePoint == KeyColumn.ABSENT) {
        break;
      }
      text.appendCodePoint(codePoint);
    }
    return text.toString();
  }

  private static double value(int[][] places, int[] key, int from) {
    double value = 0;
    for (int i = from; i < places.length; i++) {
      value = value * places[i].length + digit(places[i], at(key, i));
    }
    return value;
  }

  /** The nearest that is not behind it; the first one if all are. */
  private static int digit(int[] place, int codePoint) {
    int found = Arrays.binarySearch(place, codePoint);
    return found >= 0 ? found : Math.max(0, -found - 2);
  }

  static int at(int[] key, int place) {
    return place < key.length ? key[place] : KeyColumn.ABSENT;
  }

  private static int[] codePoints(String key, int skipped) {
    int from = Math.min(skipped, key.length());
    int[] codePoints = new int[key.codePointCount(from, key.length())];
    for (int i = 0, at = from; i < codePoints.length; i++) {
      codePoints[i] = key.codePointAt(at);
      at += Character.charCount(codePoints[i]);
    }
    return codePoints;
  }
}
