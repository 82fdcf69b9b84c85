package org.lading.cors;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import org.jspecify.annotations.Nullable;

/**
 * A response that says which origin's scripts may read it, whatever a page does to the headers: a
 * page that fails begins its answer anew, and pages set {@code Vary} for reasons of their own.
 */
final class SharedResponse extends HttpServletResponseWrapper {
  private static final String VARY = "Vary";
  private static final String ORIGIN = "Origin";

  private final @Nullable String origin;

  /**
   * Wraps a response, and adds the headers.
   *
   * @param origin the origin that may read it, or null if none may
   */
  SharedResponse(HttpServletResponse response, @Nullable String origin) {
    super(response);
    this.origin = origin;
    addHeaders();
  }

  private void addHeaders() {
    if (origin != null) {
      super.setHeader("Access-Control-Allow-Origin", origin);
      super.setHeader("Access-Control-Expose-Headers", CorsFilter.EXPOSED);
    }
    varyByOrigin();
  }

  /** A request that is dispatched anew gets a wrapper anew: one line is enough. */
  private void varyByOrigin() {
    if (getHeaders(VARY).stream().noneMatch(ORIGIN::equals)) {
      super.addHeader(VARY, ORIGIN);
    }
  }

  @Override
  public void setHeader(String name, String value) {
    super.setHeader(name, value);
    if (name.equalsIgnoreCase(VARY)) {
      varyByOrigin();
    }
  }

  @Override
  public void reset() {
    super.reset();
    addHeaders();
  }
}
