package org.lading.http.header;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates the conditions of a GET or HEAD request, RFC 9110 section 13.
 *
 * @param etag the representation's strong entity tag, quoted
 * @param modified the representation's modification date
 */
public record Preconditions(String etag, Instant modified) {
  /** An element of a list of entity tags. A tag may hold commas, and has no escapes. */
  private static final Pattern ELEMENT =
      Pattern.compile("[ \\t,]*(?:(?<weak>W/)?(?<tag>\"[^\"]*\")|(?<any>\\*))[ \\t]*(?:,|$)");

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
    List<String> match = lines(request, "If-Match");
    if (match.isEmpty() ? isModifiedSince(request) : !lists(match, false)) {
      return Outcome.FAILED;
    }
    List<String> noneMatch = lines(request, "If-None-Match");
    if (!noneMatch.isEmpty()) {
      return lists(noneMatch, true) ? Outcome.NOT_MODIFIED : Outcome.PROCEED;
    }
    Instant since = date(only(request, "If-Modified-Since"));
    return since != null && !seconds().isAfter(since) ? Outcome.NOT_MODIFIED : Outcome.PROCEED;
  }

  /**
   * Returns the ranges that a request asks for as one {@code Range} header, or null if the whole is
   * to be sent: without that header, with several different ones, which is malformed, or if {@code
   * If-Range} does not match.
   */
  public @Nullable String range(HttpServletRequest request) {
    return allowsRange(request) ? only(request, "Range") : null;
  }

  private boolean allowsRange(HttpServletRequest request) {
    if (lines(request, "If-Range").isEmpty()) {
      return true;
    }
    String condition = only(request, "If-Range");
    return condition != null && (condition.equals(etag) || seconds().equals(date(condition)));
  }

  private boolean isModifiedSince(HttpServletRequest request) {
    Instant since = date(only(request, "If-Unmodified-Since"));
    return since != null && seconds().isAfter(since);
  }

  /** Returns whether a list of entity tags, in one or several lines, has the tag or is a star. */
  private boolean lists(List<String> lines, boolean ignoresWeakness) {
    Matcher element = ELEMENT.matcher(String.join(",", lines));
    while (element.lookingAt()) {
      boolean counts = ignoresWeakness || element.group("weak") == null;
      if (element.group("any") != null || (counts && etag.equals(element.group("tag")))) {
        return true;
      }
      element.region(element.end(), element.regionEnd());
    }
    return false;
  }

  private Instant seconds() {
    return modified.truncatedTo(ChronoUnit.SECONDS);
  }

  private static List<String> lines(HttpServletRequest request, String header) {
    return Collections.list(request.getHeaders(header));
  }

  /**
   * Returns the value of a header that is no list; null without one, or if there are several
   * different ones: none of them counts then.
   */
  private static @Nullable String only(HttpServletRequest request, String header) {
    List<String> distinct = lines(request, header).stream().map(String::strip).distinct().toList();
    return distinct.size() == 1 ? distinct.get(0) : null;
  }

  /**
   * Parses a date; null without a header or with a malformed one, which is ignored. What this
   * representation's date decides is the century of a year of two digits.
   */
  private @Nullable Instant date(@Nullable String header) {
    return header == null ? null : HttpDate.parse(header, modified);
  }
}
