package org.lading.api;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.lading.health.HealthCheck;
import org.lading.health.HealthMonitor;
import org.lading.health.PartReport;
import org.lading.health.PartReport.State;

/** {@code GET /status}: the health of the parts of the application. */
@Path("status")
public final class StatusResource {
  /** The time of a check for which an answer waits, unless the request prefers to wait longer. */
  private static final Duration MAX_WAIT = Duration.ofMillis(75);

  private final String version;
  private final HealthMonitor monitor;
  private final Notes notes;
  private final ScheduledExecutorService timer;
  private final NginxSightings nginx;

  /**
   * What the answer has beside the reports.
   *
   * @param ofPart gives more fields of the report of a part, whether it answers or not
   * @param ofAll gives more fields of the answer, made of all reports
   */
  public record Notes(
      Function<String, Map<String, Object>> ofPart,
      Function<Map<String, Map<String, Object>>, Map<String, Object>> ofAll) {}

  /**
   * Makes the resource.
   *
   * @param version the version of the application
   * @param monitor knows the parts
   * @param notes gives more fields
   * @param timer ends the wait for checks
   * @param nginx what nginx says of itself, a part of the answer
   */
  public StatusResource(
      String version,
      HealthMonitor monitor,
      Notes notes,
      ScheduledExecutorService timer,
      NginxSightings nginx) {
    this.version = version;
    this.monitor = monitor;
    this.notes = notes;
    this.timer = timer;
    this.nginx = nginx;
  }

  /**
   * Answers 200, or 503 if a part is unavailable, with what is known of each: checks that are due
   * begin now, and those that take longer than a moment, or than {@code Prefer: wait} says, are
   * seen in a later answer. A request that came through nginx is enough to know what that nginx
   * has, where downloads are asked for by messages alone.
   */
  @GET
  @Produces("application/json")
  public CompletionStage<Response> status(@Context HttpServletRequest request) {
    nginx.see(request);
    WaitPreference wait = WaitPreference.of(request.getHeaders("Prefer"), Duration.ZERO);
    return checked(wait.time())
        .thenApply(
            checked -> {
              Response.ResponseBuilder response = response();
              if (wait.applied() != null) {
                response.header("Preference-Applied", wait.applied());
              }
              return response.build();
            });
  }

  /** Completes when all checks have ended, or are known to hang, or take longer than to wait. */
  private CompletableFuture<Void> checked(Duration wait) {
    CompletableFuture<Void> checks = monitor.refresh();
    if (checks.isDone()) {
      return checks;
    }
    CompletableFuture<Void> timeout = new CompletableFuture<>();
    long millis =
        wait.isZero()
            ? monitor.millisUntil(MAX_WAIT)
            : Math.min(wait.toMillis(), monitor.millisUntil(HealthCheck.MAX_TIME));
    Future<?> limit = timer.schedule(() -> timeout.complete(null), millis, TimeUnit.MILLISECONDS);
    return checks
        .whenComplete((done, failure) -> limit.cancel(false))
        .acceptEither(timeout, done -> {});
  }

  private Response.ResponseBuilder response() {
    List<PartReport> reports = monitor.reports();
    Map<String, Map<String, Object>> parts = new LinkedHashMap<>();
    for (PartReport report : reports) {
      Map<String, Object> fields = report.fields();
      fields.putAll(notes.ofPart().apply(report.name()));
      parts.put(report.name(), fields);
    }
    State state = state(reports);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("status", state.word());
    body.put("version", version);
    body.put("parts", parts);
    body.putAll(notes.ofAll().apply(parts));
    Map<String, Object> seen = nginx.report();
    if (!seen.isEmpty()) {
      body.put("nginx", seen);
    }
    return Response.status(state == State.UNAVAILABLE ? 503 : 200)
        .entity(AnswerWriter.json(body))
        .header(HttpHeaders.CACHE_CONTROL, "no-store");
  }

  /** Returns the worst state of any part. */
  private static State state(List<PartReport> reports) {
    List<State> states = reports.stream().map(PartReport::state).toList();
    if (states.contains(State.UNAVAILABLE)) {
      return State.UNAVAILABLE;
    }
    return states.contains(State.CHECKING) ? State.CHECKING : State.OK;
  }
}
