package org.lading.http.header;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The ranges that a {@code Range} header asks for, RFC 9110 section 14.
 *
 * @param ranges the ranges in the order of the header, each within the representation; empty if
 *     none can be satisfied, which is status 416
 */
public record ByteRanges(List<Range> ranges) {
  private static final String UNIT = "bytes=";
  private static final Pattern SPEC = Pattern.compile("([0-9]{0,30})-([0-9]{0,30})");

  /** The maximum number of ranges; a request with more gets the whole representation. */
  private static final int MAX_RANGES = 100;

  /** The maximum number of elements, empty ones included. */
  private static final int MAX_ELEMENTS = 2 * MAX_RANGES;

  /**
   * One range.
   *
   * @param from the position of the first byte
   * @param to the position after the last byte
   */
  public record Range(long from, long to) {
    /** Returns the number of bytes in the range. */
    public long length() {
      return to - from;
    }

    /** Returns the value of {@code Content-Range} for a representation of a length in bytes. */
    public String contentRange(long length) {
      return "bytes " + from + "-" + (to - 1) + "/" + length;
    }
  }

  /**
   * Parses a header.
   *
   * @param header the value of the header, or null
   * @param length the length of the representation, in bytes
   * @return null if the whole representation is to be sent: without a header, with another unit, a
   *     malformed header, or ranges that add up to more than the whole. Empty elements are passed
   *     over.
   */
  public static @Nullable ByteRanges parse(@Nullable String header, long length) {
    if (header == null || !header.regionMatches(true, 0, UNIT, 0, UNIT.length())) {
      return null;
    }
    String[] specs =
        Stream.of(header.substring(UNIT.length()).split(",", MAX_ELEMENTS + 1))
            .map(String::strip)
            .filter(spec -> !spec.isEmpty())
            .toArray(String[]::new);
    if (specs.length == 0 || specs.length > MAX_RANGES) {
      return null;
    }
    List<Range> ranges = new ArrayList<>();
    long total = 0;
    for (String spec : specs) {
      Matcher matcher = SPEC.matcher(spec);
      if (!matcher.matches() || matcher.group().equals("-")) {
        return null;
      }
      String first = matcher.group(1);
      String last = matcher.group(2);
      if (!first.isEmpty() && !last.isEmpty() && number(last) < number(first)) {
        return null;
      }
      Range range = first.isEmpty() ? suffix(last, length) : from(first, last, length);
      if (range != null) {
        ranges.add(range);
        total += range.length();
      }
    }
    return total > length ? null : new ByteRanges(List.copyOf(ranges));
  }

  private static @Nullable Range suffix(String last, long length) {
    long bytes = Math.min(number(last), length);
    return bytes == 0 ? null : new Range(length - bytes, length);
  }

  private static @Nullable Range from(String first, String last, long length) {
    long from = number(first);
    long to = last.isEmpty() ? length : Math.min(number(last), length - 1) + 1;
    return from < length ? new Range(from, to) : null;
  }

  /** Parses a number; those of more than 18 digits are all read as one larger than any length. */
  private static long number(String digits) {
    return digits.length() > 18 ? Long.MAX_VALUE - 1 : Long.parseLong(digits);
  }
}
