package org.lading.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.lading.base.AcceptHeader;

/**
 * Shows all that follows the path of a request without the slashes that mean nothing, {@code
 * //downloads//create/} as {@code /downloads/create}. A browser is sent to that address, since the
 * links of a page are relative to its own.
 */
public final class PathFilter extends HttpFilter {
  private static final long serialVersionUID = 1L;
  private static final int PERMANENT_REDIRECT = 308;
  private static final Set<String> READING = Set.of("GET", "HEAD");

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String uri = request.getRequestURI();
    String context = request.getContextPath();
    // Tomcat names the context with one slash, however many the request has there.
    int extra = uri.startsWith(context) ? 0 : Math.max(0, CanonicalPath.leadingSlashes(uri) - 1);
    if (!uri.startsWith(context, extra)) {
      chain.doFilter(request, response);
      return;
    }
    String path = CanonicalPath.of(uri.substring(extra + context.length()));
    String canonical = context + path;
    if (canonical.equals(uri)) {
      chain.doFilter(request, response);
    } else if (READING.contains(request.getMethod())
        && AcceptHeader.prefersHtml(request.getHeaders("Accept"))) {
      String query = request.getQueryString();
      response.setStatus(PERMANENT_REDIRECT);
      response.setHeader("Location", query == null ? canonical : canonical + "?" + query);
      response.setHeader("Vary", "Accept");
      response.setHeader("Cache-Control", "no-store");
    } else {
      chain.doFilter(new CanonicalRequest(request, response, canonical, path), response);
    }
  }

  private static final class CanonicalRequest extends HttpServletRequestWrapper {
    private final HttpServletResponse response;
    private final String uri;
    private final String path;

    CanonicalRequest(
        HttpServletRequest request, HttpServletResponse response, String uri, String path) {
      super(request);
      this.response = response;
      this.uri = uri;
      this.path = path;
    }

    @Override
    public String getRequestURI() {
      return uri;
    }

    @Override
    public StringBuffer getRequestURL() {
      StringBuffer url = super.getRequestURL();
      url.setLength(url.length() - super.getRequestURI().length());
      return url.append(uri);
    }

    /** Asks the container for a decoded path only if there is something to decode. */
    @Override
    public String getPathInfo() {
      return path.indexOf('%') < 0 ? path : CanonicalPath.of(super.getPathInfo());
    }

    /** Has the request come back under this path, and not under its own. */
    @Override
    public AsyncContext startAsync() {
      return startAsync(this, response);
    }
  }
}
