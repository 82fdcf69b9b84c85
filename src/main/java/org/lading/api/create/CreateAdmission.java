package org.lading.api.create;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import org.lading.access.Authentication;
import org.lading.access.Client;
import org.lading.api.OriginCheck;
import org.lading.body.BodyPolicy;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.limit.Allowance;
import org.lading.limit.Caller;
import org.lading.limit.Limits;
import org.lading.metrics.Metrics;

/**
 * Decides by the head of a request whether its sender may create downloads: only then is the body
 * read. All other pages use no body.
 *
 * @param limits counts the creates
 * @param addresses finds the addresses of clients
 */
public record CreateAdmission(
    CreateSettings settings,
    Authentication clients,
    OriginCheck origins,
    Limits limits,
    Function<HttpServletRequest, String> addresses,
    Metrics metrics)
    implements BodyPolicy {
  /** The minimum size in bytes of a body that takes long enough to keep the container's thread. */
  static final long MIN_LARGE_BODY = 1 << 20;

  /** The page that tells what a create would do. */
  static final String ESTIMATE = "/estimate";

  private static final String ALLOWANCES = CreateAdmission.class.getName() + ".allowances";

  @Override
  public OptionalLong maxBytes(HttpServletRequest request) {
    if (!request.getMethod().equals("POST")
        || !(isAt(request, "/create") || isAt(request, ESTIMATE))) {
      return OptionalLong.empty();
    }
    try {
      origins.require(request);
      Client client = client(request);
      if (isAt(request, "/create")) {
        request.setAttribute(ALLOWANCES, limits.takeCreate(caller(client.name(), request)));
      }
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

  /** Returns what the answer to a create tells of the quotas of its client. */
  @SuppressWarnings("unchecked")
  static Map<String, String> limitFields(HttpServletRequest request) {
    List<Allowance> allowances = (List<Allowance>) request.getAttribute(ALLOWANCES);
    return allowances == null ? Map.of() : Allowance.fields(allowances);
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

  /** Returns who is counted for a request of a client. */
  public Caller caller(String client, HttpServletRequest request) {
    return new Caller(client, addresses.apply(request));
  }

  /**
   * Returns what counts a create of a client that comes by another request than {@code POST
   * /create}, and throws {@code TOO_MANY_REQUESTS} if nothing is left; for any thread.
   */
  public Runnable counting(String client, HttpServletRequest request) {
    Caller caller = caller(client, request);
    return () -> {
      var unused = limits.takeCreate(caller);
    };
  }

  /** Returns the client; throws as {@link Authentication#require}. */
  public Client client(HttpServletRequest request) {
    return clients.require(request);
  }
}
