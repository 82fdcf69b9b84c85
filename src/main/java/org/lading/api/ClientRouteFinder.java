package org.lading.api;

import jakarta.servlet.http.HttpServletRequest;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the URL under which a client reaches the application, and so the pages of downloads. */
public final class ClientRouteFinder {
  /** The header by which nginx tells that it has mod_zip. */
  private static final String ASSEMBLER_HEADER = "X-Archive-Assembler";

  private static final Pattern SCHEME = Pattern.compile("https?");

  private final @Nullable String publicUrl;

  /** Uses the given URL (without a trailing slash), or if it is null that of each request. */
  public ClientRouteFinder(@Nullable String publicUrl) {
    this.publicUrl = publicUrl;
  }

  /** Returns the way by which the client of a request reaches the application. */
  public ClientRoute origin(HttpServletRequest request) {
    return new ClientRoute(
        (publicUrl == null ? requestUrl(request) : publicUrl) + request.getContextPath(),
        "mod_zip".equals(request.getHeader(ASSEMBLER_HEADER)));
  }

  /** Returns the URL of a request; nginx passes on the Host header, and the scheme in another. */
  private static String requestUrl(HttpServletRequest request) {
    String forwarded = request.getHeader("X-Forwarded-Proto");
    String scheme =
        forwarded != null && SCHEME.matcher(forwarded).matches() ? forwarded : request.getScheme();
    String host = request.getHeader("Host");
    return scheme + "://" + (host == null ? request.getServerName() : host);
  }
}
