package org.lading.api;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/** {@code GET /status}: the health of the parts of the application. */
@Path("status")
public final class StatusResource {
  /** The time for which an answer is kept, so that requests cannot cause many calls to a bucket. */
  private static final Duration MAX_AGE = Duration.ofSeconds(10);

  /** The time after which a part counts as unavailable. */
  private static final int MAX_SECONDS = 5;

  private final String version;
  private final List<HealthCheck> checks;
  private final Notes notes;
  private final ProbeThreads threads;
  private final Clock clock;
  private final NginxSightings nginx;
  private Instant lastRun = Instant.MIN;
  private CompletableFuture<Response> answer = new CompletableFuture<>();

  /**
   * The threads that checks use.
   *
   * @param workers run checks, which may block
   * @param timer ends a check that takes too long
   */
  public record ProbeThreads(Executor workers, ScheduledExecutorService timer) {}

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
   * @param checks the checks by the names of their parts: each returns the details of its report,
   *     or throws if the part is unavailable
   * @param notes gives more fields
   */
  public StatusResource(
      String version,
      Map<String, Supplier<Map<String, Object>>> checks,
      Notes notes,
      ProbeThreads threads,
      Clock clock) {
    this.version = version;
    this.checks =
        checks.entrySet().stream()
            .map(check -> new HealthCheck(check.getKey(), check.getValue(), clock))
            .toList();
    this.notes = notes;
    this.threads = threads;
    this.clock = clock;
    this.nginx = new NginxSightings(clock);
  }

  /** Returns the memory of what nginx says of itself, a part of the answer. */
  NginxSightings nginx() {
    return nginx;
  }

  /**
   * Answers 200, or 503 if a part is unavailable or does not answer in time. Requests within ten
   * seconds get the same answer. A request that came through nginx is enough to know what that
   * nginx has, where downloads are asked for by messages alone.
   */
  @GET
  @Produces("application/json")
  public CompletionStage<Response> status(@Context HttpServletRequest request) {
    nginx.see(request);
    return latest().thenApply(answered -> Response.fromResponse(answered).build());
  }

  private synchronized CompletableFuture<Response> latest() {
    if (!clock.instant().isBefore(lastRun.plus(MAX_AGE))) {
      lastRun = clock.instant();
      answer = runAll();
    }
    return answer;
  }

  private CompletableFuture<Response> runAll() {
    Map<String, CompletableFuture<Map<String, Object>>> reports = new LinkedHashMap<>();
    checks.forEach(check -> reports.put(check.name(), run(check)));
    return CompletableFuture.allOf(reports.values().toArray(CompletableFuture[]::new))
        .thenApply(
            all -> {
              Map<String, Map<String, Object>> parts = new LinkedHashMap<>();
              reports.forEach((name, report) -> parts.put(name, withNotes(name, report.join())));
              return response(parts);
            });
  }

  private CompletableFuture<Map<String, Object>> run(HealthCheck check) {
    CompletableFuture<Map<String, Object>> timeout = new CompletableFuture<>();
    Future<?> limit =
        threads
            .timer()
            .schedule(
                () -> timeout.complete(check.timedOut(MAX_SECONDS)), MAX_SECONDS, TimeUnit.SECONDS);
    return check
        .run(threads.workers())
        .whenComplete((report, failure) -> limit.cancel(false))
        .applyToEither(timeout, report -> report);
  }

  private Map<String, Object> withNotes(String name, Map<String, Object> report) {
    Map<String, Object> all = new LinkedHashMap<>(report);
    all.putAll(notes.ofPart().apply(name));
    return all;
  }

  private Response response(Map<String, Map<String, Object>> parts) {
    boolean isUp =
        parts.values().stream().allMatch(report -> HealthCheck.OK.equals(report.get("status")));
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("status", isUp ? HealthCheck.OK : HealthCheck.UNAVAILABLE);
    body.put("version", version);
    body.put("parts", parts);
    body.putAll(notes.ofAll().apply(parts));
    Map<String, Object> seen = nginx.report();
    if (!seen.isEmpty()) {
      body.put("nginx", seen);
    }
    return Response.status(isUp ? 200 : 503)
        .entity(AnswerWriter.json(body))
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .build();
  }
}
