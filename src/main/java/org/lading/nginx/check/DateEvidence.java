package org.lading.nginx.check;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;
import org.lading.base.Finding;

/**
 * Tells from the dates in archives which mod_zip made them: the older one gives every entry the
 * time of the request, the newer one a time that stays, that of the manifest or of the source.
 */
final class DateEvidence {
  private static final String SUBJECT = "mod_zip version";

  /** The maximum time between the date of an entry and that of the answer it came with. */
  private static final Duration MAX_DELAY = Duration.ofSeconds(5);

  private int ofRequest;
  private int lasting;

  /**
   * Takes an entry of an archive that mod_zip made.
   *
   * @param dated the entry's time in the archive, in whole seconds
   * @param modified the time of its source
   * @param answer the answer that had the archive
   */
  void add(Instant dated, Instant modified, Answer answer) {
    Instant asked = time(answer.header("Date"));
    Instant ofManifest = time(answer.header("Last-Modified"));
    if (asked == null || ofManifest == null || asked.equals(ofManifest)) {
      return;
    }
    boolean ofSource = isClose(dated, modified) && !isClose(modified, asked);
    if (dated.equals(ofManifest) || ofSource) {
      lasting++;
    } else if (isClose(dated, asked)) {
      ofRequest++;
    }
  }

  /** Tells whether an archive was fetched in another second than its download was made. */
  boolean isThere() {
    return ofRequest + lasting > 0;
  }

  Finding finding() {
    if (ofRequest > 0 && lasting == 0) {
      return Finding.ok(
          SUBJECT,
          "entries have the time of the request, as up to 1.3.0: archives of one download differ");
    }
    if (lasting > 0 && ofRequest == 0) {
      return Finding.ok(
          SUBJECT, "entries have times that stay, as from its pull request 118 on (--mod-zip 1.4)");
    }
    return Finding.unknown(SUBJECT, "no archive told it by the dates of its entries");
  }

  private static boolean isClose(Instant one, Instant other) {
    return Duration.between(one, other).abs().compareTo(MAX_DELAY) <= 0;
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
