package org.lading.http.header;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The conditions of a GET or HEAD request, RFC 9110 section 13, against a strong validator and a
 * date.
 *
 * @param etag the representation's entity tag, quoted, not weak
 * @param modified its date of modification
 */
public record Preconditions(String etag, Instant modified) {
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.RFC_1123_DATE_TIME.withLocale(Locale.ROOT);

  /** What a request's conditions come to. */
  public enum Outcome {
    /** The request is carried out. */
    PROCEED,
    /** Status 304. */
    NOT_MODIFIED,
    /** Status 412. */
    FAILED
  }

  /** Evaluates the conditions in the order of section 13.2.2, but for {@code If-Range}. */
  public Outcome evaluate(HttpServletRequest request) {
    String match = request.getHeader("If-Match");
    if (match != null ? !lists(match, false) : isModifiedSince(request, "If-Unmodified-Since")) {
      return Outcome.FAILED;
    }
    String noneMatch = request.getHeader("If-None-Match");
    if (noneMatch != null) {
      return lists(noneMatch, true) ? Outcome.NOT_MODIFIED : Outcome.PROCEED;
    }
    Instant since = date(request.getHeader("If-Modified-Since"));
    return since != null && !seconds().isAfter(since) ? Outcome.NOT_MODIFIED : Outcome.PROCEED;
  }

  /**
   * Whether {@code Range} counts: there is no {@code If-Range}, or it names this representation.
   */
  public boolean allowsRange(HttpServletRequest request) {
    String condition = request.getHeader("If-Range");
    if (condition == null) {
      return true;
    }
    return condition.startsWith("\"")
        ? condition.strip().equals(etag)
        : seconds().equals(date(condition));
  }

  private boolean isModifiedSince(HttpServletRequest request, String header) {
    Instant since = date(request.getHeader(header));
    return since != null && seconds().isAfter(since);
  }

  private boolean lists(String header, boolean weakly) {
    return header.strip().equals("*")
        || Arrays.stream(header.split(","))
            .map(String::strip)
            .map(tag -> weakly && tag.startsWith("W/") ? tag.substring(2) : tag)
            .anyMatch(etag::equals);
  }

  private Instant seconds() {
    return modified.truncatedTo(ChronoUnit.SECONDS);
  }

  /** A date that is none is as good as no header. */
  private static @Nullable Instant date(@Nullable String header) {
    if (header == null) {
      return null;
    }
    try {
      return HTTP_DATE.parse(header.strip(), Instant::from);
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}
