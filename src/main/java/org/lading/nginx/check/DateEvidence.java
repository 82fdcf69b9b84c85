package org.lading.nginx.check;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * Tells from the dates in archives which mod_zip made them: the newer one takes those of the
 * sources, the older one gives every entry the time of the request.
 */
final class DateEvidence {
  private static final String SUBJECT = "mod_zip version";

  /** What clocks and the two seconds of DOS times make up. */
  private static final Duration TOLERANCE = Duration.ofSeconds(5);

  /** The minimum age of a source whose date is not that of the request. */
  private static final Duration MIN_AGE = Duration.ofMinutes(1);

  private int ofRequest;
  private int ofSource;

  /**
   * Takes a file of an archive that mod_zip made.
   *
   * @param dated the file's time in the archive
   * @param modified the source's own time
   * @param answer the answer that had the archive
   */
  void add(Instant dated, Instant modified, Answer answer) {
    Instant asked = time(answer.header("Date"));
    if (asked == null || Duration.between(modified, asked).compareTo(MIN_AGE) < 0) {
      return;
    }
    if (isClose(dated, asked)) {
      ofRequest++;
    } else if (isClose(dated, modified)) {
      ofSource++;
    }
  }

  Finding finding() {
    if (ofRequest > 0 && ofSource == 0) {
      return Finding.ok(
          SUBJECT, "entries have the time of the request: 1.3.0, or before its pull request 118");
    }
    if (ofSource > 0 && ofRequest == 0) {
      return Finding.ok(SUBJECT, "entries have the times of their sources: with pull request 118");
    }
    return Finding.unknown(
        SUBJECT, "no archive had a file that is older than a minute and tells it by its date");
  }

  private static boolean isClose(Instant one, Instant other) {
    return Duration.between(one, other).abs().compareTo(TOLERANCE) <= 0;
  }

  private static @Nullable Instant time(@Nullable String httpDate) {
    if (httpDate == null) {
      return null;
    }
    try {
      return ZonedDateTime.parse(httpDate, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}
