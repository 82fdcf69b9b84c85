package org.lading.api;

import jakarta.servlet.http.HttpServletRequest;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds out, from a request, the URL by which its client reaches the application, and whether the
 * nginx in between has mod_zip.
 */
public final class ClientRouteFinder {
  /** The header by which nginx tells that it has mod_zip. */
  private static final String ASSEMBLER_HEADER = "X-Archive-Assembler";

  private static final Pattern SCHEME = Pattern.compile("https?");

  private final @Nullable String publicUrl;

  /**
   * Makes a finder that returns the given URL (without a trailing slash) for every request, or the
   * request's own URL if it is null.
   */
  public ClientRouteFinder(@Nullable String publicUrl) {
    this.publicUrl = publicUrl;
  }

  /** Returns the way by which the client of a request reaches the application. */
  public ClientRoute route(HttpServletRequest request) {
    return new ClientRoute(
        (publicUrl == null ? requestUrl(request) : publicUrl) + request.getContextPath(),
        "mod_zip".equals(request.getHeader(ASSEMBLER_HEADER)));
  }

  /**
   * Returns the URL of a request; nginx passes on the Host header, and the scheme in {@code
   * X-Forwarded-Proto}.
   */
  private static String requestUrl(HttpServletRequest request) {
    String forwarded = request.getHeader("X-Forwarded-Proto");
    String scheme =
        forwarded != null && SCHEME.matcher(forwarded).matches() ? forwarded : request.getScheme();
    String host = request.getHeader("Host");
    return scheme + "://" + (host == null ? request.getServerName() : host);
  }
}
