package org.lading.api.operator;

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
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.lading.api.AnswerWriter;
import org.lading.api.NginxSightings;
import org.lading.api.Pages;
import org.lading.api.WaitPreference;
import org.lading.health.HealthCheck;
import org.lading.health.HealthMonitor;
import org.lading.health.PartReport;
import org.lading.health.PartReport.State;
import org.lading.page.HtmlPage;
import org.lading.page.Texts;

/** {@code GET /status}: the state of the parts of the application, as JSON or as a page. */
@Path("status")
public final class StatusResource {
  /** The time of a check for which an answer waits, unless the request prefers to wait longer. */
  private static final Duration MAX_WAIT = Duration.ofMillis(75);

  private final String version;
  private final Sources sources;
  private final ScheduledExecutorService timer;
  private final OperatorAccess access;

  /**
   * What knows the node.
   *
   * @param monitor knows the parts
   * @param notesOfPart gives more fields of the report of a part, whether it answers or not
   * @param notesOfAll gives more fields of the answer, made of all reports
   * @param activity tells soon what the node does
   * @param nginx knows what nginx says of itself, a part of the answer
   */
  public record Sources(
      HealthMonitor monitor,
      Function<String, Map<String, Object>> notesOfPart,
      Function<Map<String, Map<String, Object>>, Map<String, Object>> notesOfAll,
      Supplier<Activity> activity,
      NginxSightings nginx) {}

  /**
   * Makes the resource.
   *
   * @param version the version of the application
   * @param timer ends the wait for checks
   * @param access decides who may see it
   */
  public StatusResource(
      String version, Sources sources, ScheduledExecutorService timer, OperatorAccess access) {
    this.version = version;
    this.sources = sources;
    this.timer = timer;
    this.access = access;
  }

  /**
   * Answers a program with 200, or 503 if a part is unavailable, and what is known of each: checks
   * that are due begin now, and those that take longer than a moment, or than {@code Prefer: wait}
   * says, are seen in a later answer. A request that came through nginx is enough to know what that
   * nginx has, where downloads are asked for by messages alone.
   */
  @GET
  @Produces("application/json;qs=1.0")
  public CompletionStage<Response> json(@Context HttpServletRequest request) {
    return answer(
        request,
        (response, reports) ->
            response
                .entity(AnswerWriter.json(body(reports)))
                .header(HttpHeaders.VARY, "Accept")
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build());
  }

  /** Answers a browser with a page, with the same status. */
  @GET
  @Produces("text/html;charset=UTF-8;qs=0.9")
  public CompletionStage<Response> html(@Context HttpServletRequest request) {
    access.require(request);
    Texts texts = Texts.of(request.getHeaders(HttpHeaders.ACCEPT_LANGUAGE));
    Activity activity = sources.activity().get();
    return answer(
        request, (response, reports) -> Pages.answer(response, page(texts, reports, activity)));
  }

  private CompletionStage<Response> answer(
      HttpServletRequest request,
      BiFunction<Response.ResponseBuilder, List<PartReport>, Response> rendering) {
    access.require(request);
    sources.nginx().see(request);
    WaitPreference wait = WaitPreference.of(request.getHeaders("Prefer"), Duration.ZERO);
    return checked(wait.time())
        .thenApply(
            checked -> {
              List<PartReport> reports = sources.monitor().reports();
              Response.ResponseBuilder response =
                  Response.status(state(reports) == State.UNAVAILABLE ? 503 : 200);
              if (wait.applied() != null) {
                response.header("Preference-Applied", wait.applied());
              }
              return rendering.apply(response, reports);
            });
  }

  /** Completes when all checks have ended, or are known to hang, or take longer than to wait. */
  private CompletableFuture<Void> checked(Duration wait) {
    HealthMonitor monitor = sources.monitor();
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

  private Map<String, Object> body(List<PartReport> reports) {
    Map<String, Map<String, Object>> parts = new LinkedHashMap<>();
    reports.forEach(report -> parts.put(report.name(), fields(report)));
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("status", state(reports).word());
    body.put("version", version);
    body.put("parts", parts);
    body.putAll(sources.notesOfAll().apply(parts));
    Map<String, Object> seen = sources.nginx().report();
    if (!seen.isEmpty()) {
      body.put("nginx", seen);
    }
    return body;
  }

  private HtmlPage page(Texts texts, List<PartReport> reports, Activity activity) {
    List<StatusPage.Part> parts =
        reports.stream().map(report -> new StatusPage.Part(report, fields(report))).toList();
    return StatusPage.of(texts, version, state(reports), parts, activity);
  }

  private Map<String, Object> fields(PartReport report) {
    Map<String, Object> fields = report.fields();
    fields.putAll(sources.notesOfPart().apply(report.name()));
    return fields;
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
