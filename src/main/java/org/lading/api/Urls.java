package org.lading.api;

import jakarta.servlet.http.HttpServletRequest;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The outside addresses of a download's pages. */
public final class Urls {
  private static final Pattern SCHEME = Pattern.compile("https?");

  private final @Nullable String outside;

  /** Addresses below the given one (no slash at its end), or below what each request used. */
  public Urls(@Nullable String outside) {
    this.outside = outside;
  }

  /** The address of the application as this request's client sees it, context path included. */
  String base(HttpServletRequest request) {
    return (outside == null ? origin(request) : outside) + request.getContextPath();
  }

  /** The address of a page of a download. */
  String page(HttpServletRequest request, String root, String id, String page) {
    return base(request) + '/' + root + '/' + id + '/' + page;
  }

  /** nginx keeps the Host header and says in another one whether it took the call over TLS. */
  private static String origin(HttpServletRequest request) {
    String forwarded = request.getHeader("X-Forwarded-Proto");
    String scheme =
        forwarded != null && SCHEME.matcher(forwarded).matches() ? forwarded : request.getScheme();
    String host = request.getHeader("Host");
    return scheme + "://" + (host == null ? request.getServerName() : host);
  }
}
