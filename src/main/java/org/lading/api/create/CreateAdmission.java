package org.lading.api.create;

import jakarta.servlet.http.HttpServletRequest;
import java.util.OptionalLong;
import org.lading.access.Authentication;
import org.lading.access.Client;
import org.lading.api.OriginCheck;
import org.lading.body.BodyPolicy;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.metrics.Metrics;

/**
 * Decides by the head of a request whether its sender may create downloads: only then is the body
 * read. All other pages use no body.
 */
public record CreateAdmission(
    CreateSettings settings, Authentication clients, OriginCheck origins, Metrics metrics)
    implements BodyPolicy {
  /** The minimum size in bytes of a body that takes long enough to keep the container's thread. */
  static final long MIN_LARGE_BODY = 1 << 20;

  /** The page that tells what a create would do. */
  static final String ESTIMATE = "/estimate";

  @Override
  public OptionalLong maxBytes(HttpServletRequest request) {
    if (!request.getMethod().equals("POST")
        || !(isAt(request, "/create") || isAt(request, ESTIMATE))) {
      return OptionalLong.empty();
    }
    try {
      origins.require(request);
      client(request);
    } catch (LadingException e) {
      refused(request, e.code());
      throw e;
    }
    return OptionalLong.of(settings.maxBodyBytes());
  }

  @Override
  public void refused(HttpServletRequest request, ErrorCode reason) {
    if (isAt(request, ESTIMATE)) {
      metrics.estimated(reason.code());
    } else {
      metrics.created(reason.code());
    }
  }

  /** Refuses {@code create;x}, which Jersey takes too, but the rules of a proxy do not. */
  static void requireExactPath(HttpServletRequest request, String page) {
    if (!isAt(request, page)) {
      throw new LadingException(ErrorCode.NOT_FOUND, "There is no such page");
    }
  }

  private static boolean isAt(HttpServletRequest request, String page) {
    return request.getRequestURI().equals(request.getContextPath() + page);
  }

  /** Returns the client; throws as {@link Authentication#require}. */
  public Client client(HttpServletRequest request) {
    return clients.require(request);
  }
}
