package org.lading.config;

import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Checks the URLs of settings. */
final class UrlForms {
  private static final int MAX_PORT = 65_535;

  private UrlForms() {}

  /** Returns what is wrong with a URL, as the end of a sentence; null if nothing is. */
  static @Nullable String mistake(URI url) {
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    boolean isWeb = scheme.equals("http") || scheme.equals("https");
    if (isWeb && url.getHost() == null && hasUnderscore(url)) {
      return "has an underscore in its host name, which no host name may have";
    }
    if (!isWeb
        || url.getHost() == null
        || url.getRawUserInfo() != null
        || url.getRawQuery() != null
        || url.getRawFragment() != null) {
      return "must be http://HOST or https://HOST, with no user, query or fragment";
    }
    return url.getPort() == 0 || url.getPort() > MAX_PORT ? "has a port that is none" : null;
  }

  /** Java parses a host name with an underscore as an authority of another kind. */
  private static boolean hasUnderscore(URI url) {
    String authority = url.getRawAuthority();
    return authority != null && authority.matches("[A-Za-z0-9._-]+(:\\d*)?");
  }
}
