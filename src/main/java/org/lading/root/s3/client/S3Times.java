package org.lading.root.s3.client;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** Parses the times of stores, in the forms that stores write. */
public final class S3Times {
  private static final List<Function<String, Instant>> FORMS =
      List.of(
          // Of listings, 2026-02-03T04:05:06.000Z; some stores write the offset in numbers.
          Instant::parse,
          // Of headers, Tue, 03 Feb 2026 04:05:06 GMT.
          text -> ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant(),
          text -> LocalDateTime.parse(text).toInstant(ZoneOffset.UTC),
          // Of Go's and Python's usual texts, 2026-02-03 04:05:06.789 +0000 UTC.
          text ->
              ZonedDateTime.parse(
                      text,
                      DateTimeFormatter.ofPattern(
                          "uuuu-MM-dd HH:mm:ss[.SSSSSSSSS][.SSSSSS][.SSS][ ]XX['UTC']",
                          Locale.ROOT))
                  .toInstant());

  private S3Times() {}

  /** Returns a time, or empty for a text that is none. */
  static Optional<Instant> parse(String text) {
    String stripped = text.strip();
    for (Function<String, Instant> form : FORMS) {
      Optional<Instant> time = parse(stripped, form);
      if (time.isPresent()) {
        return time;
      }
    }
    return Optional.empty();
  }

  private static Optional<Instant> parse(String text, Function<String, Instant> form) {
    try {
      return Optional.of(form.apply(text));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
