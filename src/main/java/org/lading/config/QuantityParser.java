package org.lading.config;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Parses numbers with units; all methods return null for malformed text and too large numbers. */
final class QuantityParser {
  private static final Pattern FORM = Pattern.compile("(-?\\d[\\d_]*)\\s*([A-Za-z]*)");
  private static final Map<String, Long> BYTES =
      Map.ofEntries(
          Map.entry("", 1L),
          Map.entry("b", 1L),
          Map.entry("kib", 1L << 10),
          Map.entry("mib", 1L << 20),
          Map.entry("gib", 1L << 30),
          Map.entry("tib", 1L << 40),
          Map.entry("kb", 1_000L),
          Map.entry("mb", 1_000_000L),
          Map.entry("gb", 1_000_000_000L),
          Map.entry("tb", 1_000_000_000_000L));
  private static final Map<String, Long> SECONDS =
      Map.of("", 1L, "s", 1L, "m", 60L, "h", 3_600L, "d", 86_400L);

  private QuantityParser() {}

  /** Parses a whole number. */
  static @Nullable Long number(String text) {
    return parse(text, Map.of("", 1L));
  }

  /** Parses a number of bytes, with or without a unit of B, KiB to TiB, or kB to TB. */
  static @Nullable Long bytes(String text) {
    return parse(text, BYTES);
  }

  /** Parses a number of seconds, with or without a unit of s, m, h or d. */
  static @Nullable Long seconds(String text) {
    return parse(text, SECONDS);
  }

  private static @Nullable Long parse(String text, Map<String, Long> units) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      return null;
    }
    Long unit = units.get(matcher.group(2).toLowerCase(Locale.ROOT));
    try {
      long number = Long.parseLong(matcher.group(1).replace("_", ""));
      return unit == null ? null : Long.valueOf(Math.multiplyExact(number, unit));
    } catch (NumberFormatException | ArithmeticException tooLarge) {
      return null;
    }
  }
}
