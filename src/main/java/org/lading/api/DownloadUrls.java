package org.lading.api;

import jakarta.servlet.http.HttpServletRequest;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The outside addresses of a download's pages. */
public final class DownloadUrls {
  /** The header by which nginx says that mod_zip is in front. */
  private static final String ASSEMBLER = "X-Archive-Assembler";

  private static final Pattern SCHEME = Pattern.compile("https?");

  private final @Nullable String outside;

  /** Addresses below the given one (no slash at its end), or below what each request used. */
  public DownloadUrls(@Nullable String outside) {
    this.outside = outside;
  }

  /** How the client of a request reaches the application. */
  public RequestOrigin caller(HttpServletRequest request) {
    return new RequestOrigin(
        (outside == null ? origin(request) : outside) + request.getContextPath(),
        "mod_zip".equals(request.getHeader(ASSEMBLER)));
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
