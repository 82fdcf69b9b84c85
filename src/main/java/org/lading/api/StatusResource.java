package org.lading.api;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.lading.error.LadingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code GET /status}: whether every part that downloads need is there. */
@Path("status")
public final class StatusResource {
  private static final Logger log = LoggerFactory.getLogger(StatusResource.class);

  /** A page that anyone can load must not become a stream of calls to a bucket. */
  private static final Duration KEPT = Duration.ofSeconds(10);

  private final Map<String, Runnable> checks;
  private final Clock clock;
  private Instant checked = Instant.MIN;
  private Response answer = Response.serverError().build();

  /** The resource; each check, by the name of its part, throws if that part is down. */
  public StatusResource(Map<String, Runnable> checks, Clock clock) {
    this.checks = new LinkedHashMap<>(checks);
    this.clock = clock;
  }

  /** Answers 200, or 503 if a part is down; what is up to ten seconds old is told again. */
  @GET
  @Produces("application/json")
  public synchronized Response status() {
    if (!clock.instant().isBefore(checked.plus(KEPT))) {
      answer = check();
      checked = clock.instant();
    }
    return Response.fromResponse(answer).build();
  }

  private Response check() {
    Map<String, Object> parts = new LinkedHashMap<>();
    boolean up = true;
    for (Map.Entry<String, Runnable> check : checks.entrySet()) {
      Map<String, Object> part = new LinkedHashMap<>();
      try {
        check.getValue().run();
        part.put("status", "ok");
      } catch (LadingException e) {
        up = false;
        part.put("status", "unavailable");
        part.put("error", e.sentence());
      } catch (RuntimeException e) {
        up = false;
        part.put("status", "unavailable");
        part.put("error", "The check failed; the log has the details");
        log.error("The check of {} failed", check.getKey(), e);
      }
      parts.put(check.getKey(), part);
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("status", up ? "ok" : "unavailable");
    body.put("parts", parts);
    return Response.status(up ? 200 : 503)
        .entity(Answers.json(body))
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .build();
  }
}
