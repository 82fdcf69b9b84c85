package org.lading.api;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The origin of a page, as in an {@code Origin} header, RFC 6454.
 *
 * @param scheme in lower case
 * @param authority host and port, without a port that is the scheme's
 */
public record Origin(String scheme, Authority authority) {
  private static final Pattern FORM = Pattern.compile("(?<scheme>(?i:https?))://(?<authority>.*)");

  /** Parses an origin; null if it is none of a web page: {@code null}, say, or several. */
  public static @Nullable Origin parse(String text) {
    Matcher form = FORM.matcher(text.strip());
    Authority authority = form.matches() ? Authority.parse(form.group("authority")) : null;
    if (authority == null) {
      return null;
    }
    String scheme = form.group("scheme").toLowerCase(Locale.ROOT);
    return new Origin(scheme, authority.withoutPortOf(scheme));
  }

  /** Renders the origin as browsers do. */
  @Override
  public String toString() {
    return scheme + "://" + authority;
  }
}
