package org.lading.cors;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lading.api.Origin;
import org.lading.base.PrintableText;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.http.ErrorReply;

/**
 * Answers the question that a browser asks before it sends a request of another origin's script
 * (the preflight of the Fetch standard), and says of each answer whether that script may read it.
 * Neither says anything of a right to create: {@link org.lading.api.OriginCheck} has that.
 *
 * <p>Nothing allows credentials: Lading has no cookies, and a script sets {@code Authorization}
 * itself.
 */
public final class CorsFilter extends HttpFilter {
  private static final long serialVersionUID = 1L;

  /** The headers of answers that scripts may read, beside those that browsers always show. */
  static final String EXPOSED =
      "Accept-Ranges, Allow, Content-Disposition, Content-Range, ETag, Location,"
          + " Preference-Applied, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate";

  /** The headers that scripts may send, beside those that browsers always let pass. */
  private static final String ALLOWED =
      "Authorization, Content-Type, If-Match, If-Modified-Since, If-None-Match, If-Range,"
          + " If-Unmodified-Since, Prefer, Range";

  /** The time for which a browser need not ask again; Chromium's maximum. */
  private static final Duration MAX_AGE = Duration.ofHours(2);

  private final transient Set<Origin> origins;

  /** Makes a filter for the origins whose scripts may use the API. */
  public CorsFilter(List<Origin> origins) {
    this.origins = Set.copyOf(origins);
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String path = request.getRequestURI().substring(request.getContextPath().length());
    SharedPage page = SharedPage.of(path);
    if (page == null) {
      chain.doFilter(request, response);
      return;
    }
    Origin origin = listed(request);
    HttpServletResponse shared =
        origins.isEmpty()
            ? response
            : new SharedResponse(response, origin == null ? null : origin.toString());
    if (isPreflight(request) && request.getDispatcherType() == DispatcherType.REQUEST) {
      answer(page, origin, request, shared);
    } else {
      chain.doFilter(request, shared);
    }
  }

  private static boolean isPreflight(HttpServletRequest request) {
    return request.getMethod().equals("OPTIONS")
        && request.getHeader("Origin") != null
        && request.getHeader("Access-Control-Request-Method") != null;
  }

  private static void answer(
      SharedPage page,
      @Nullable Origin origin,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    if (origin == null) {
      ErrorReply.send(
          request,
          response,
          new LadingException(
              ErrorCode.FORBIDDEN,
              "A page of another origin ("
                  + PrintableText.of(request.getHeader("Origin"))
                  + ") may use this one only if the setting cors_origins names it"),
          "Preflight");
      return;
    }
    response.setStatus(HttpServletResponse.SC_NO_CONTENT);
    response.addHeader("Vary", "Access-Control-Request-Method, Access-Control-Request-Headers");
    response.setHeader("Access-Control-Allow-Methods", page.methods());
    response.setHeader("Access-Control-Allow-Headers", ALLOWED);
    response.setHeader("Access-Control-Max-Age", Long.toString(MAX_AGE.toSeconds()));
  }

  /** Returns the origin of a request if it is a single one of the settings, else null. */
  private @Nullable Origin listed(HttpServletRequest request) {
    List<String> lines = Collections.list(request.getHeaders("Origin"));
    Origin origin = lines.size() == 1 ? Origin.parse(lines.get(0)) : null;
    return origin != null && origins.contains(origin) ? origin : null;
  }
}
