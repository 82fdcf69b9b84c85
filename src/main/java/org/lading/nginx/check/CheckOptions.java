package org.lading.nginx.check;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * What the operator says to the check.
 *
 * @param address the public address, {@code http://HOST} or https, without a path
 * @param contextPath the path of the application below it, such as {@code /downloads}
 * @param token the bearer token with which downloads are created, or null
 * @param write whether the check may put objects into the buckets of the roots, and remove them
 */
record CheckOptions(URI address, String contextPath, @Nullable String token, boolean write) {
  /** The path of the application where the operator does not say another. */
  static final String DEFAULT_CONTEXT_PATH = "/downloads";

  /** Throws {@link IllegalArgumentException} for what is not an address. */
  CheckOptions {
    boolean web = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
    if (!web || address.getHost() == null || address.getRawQuery() != null) {
      throw new IllegalArgumentException("not an address of a web server: " + address);
    }
  }

  /**
   * Returns the options for an address that may have a path, which then is the context path.
   *
   * @param contextPath the context path if the address has no path
   */
  static CheckOptions of(String text, String contextPath, @Nullable String token, boolean write) {
    URI uri = URI.create(text);
    String path = uri.getRawPath() == null ? "" : uri.getRawPath().replaceFirst("/+$", "");
    int end = text.length();
    int pathStart = text.indexOf('/', text.indexOf("://") + "://".length());
    URI address = pathStart < 0 ? uri : URI.create(text.substring(0, Math.min(pathStart, end)));
    return new CheckOptions(address, path.isEmpty() ? contextPath : path, token, write);
  }

  /** Shows everything but the token. */
  @Override
  public String toString() {
    return "CheckOptions[address=%s, contextPath=%s, token=%s, write=%s]"
        .formatted(address, contextPath, token == null ? "none" : "given", write);
  }
}
