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
 * Evaluates the conditions of a GET or HEAD request, RFC 9110 section 13.
 *
 * @param etag the representation's strong entity tag, quoted
 * @param modified the representation's modification date
 */
public record Preconditions(String etag, Instant modified) {
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.RFC_1123_DATE_TIME.withLocale(Locale.ROOT);

  /** The outcome of a request's conditions. */
  public enum Outcome {
    /** The request proceeds. */
    PROCEED,
    /** The status is 304. */
    NOT_MODIFIED,
    /** The status is 412. */
    FAILED
  }

  /** Evaluates all conditions but {@code If-Range}, in the order of section 13.2.2. */
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

  /** Returns whether {@code Range} applies: there is no {@code If-Range}, or it matches. */
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

  private boolean lists(String header, boolean ignoresWeakness) {
    return header.strip().equals("*")
        || Arrays.stream(header.split(","))
            .map(String::strip)
            .map(tag -> ignoresWeakness && tag.startsWith("W/") ? tag.substring(2) : tag)
            .anyMatch(etag::equals);
  }

  private Instant seconds() {
    return modified.truncatedTo(ChronoUnit.SECONDS);
  }

  /** Parses a date; null without a header or with a malformed one, which is ignored. */
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
