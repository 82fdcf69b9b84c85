package org.lading.root.s3;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that an answer has, by its {@code Content-Range}: RFC 9110, 14.4.
 *
 * @param from the first byte
 * @param to the byte after the last one
 * @param whole the length of the whole, or {@link #UNKNOWN}
 */
record ContentRange(long from, long to, long whole) {
  /** The value of {@link #whole} for {@code *}. */
  static final long UNKNOWN = -1;

  /** At most 18 digits, which a long holds. */
  private static final Pattern FORM =
      Pattern.compile("bytes\\s+(\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)");

  /** Returns what a header says; null if it is absent, or in no form that tells the bytes. */
  static @Nullable ContentRange parse(@Nullable String header) {
    Matcher form = header == null ? null : FORM.matcher(header.trim());
    if (form == null || !form.matches()) {
      return null;
    }
    long from = Long.parseLong(form.group(1));
    long to = Long.parseLong(form.group(2)) + 1;
    long whole = form.group(3).equals("*") ? UNKNOWN : Long.parseLong(form.group(3));
    return from < to && (whole == UNKNOWN || to <= whole)
        ? new ContentRange(from, to, whole)
        : null;
  }

  boolean has(long position) {
    return from <= position && position < to;
  }
}
