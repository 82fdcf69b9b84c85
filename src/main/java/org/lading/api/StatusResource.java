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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** {@code GET /status}: whether every part that downloads need is there. */
@Path("status")
public final class StatusResource {
  /** A page that anyone can load must not become a stream of calls to a bucket. */
  private static final Duration KEPT = Duration.ofSeconds(10);

  private static final int LIMIT_SECONDS = 5;

  private final String version;
  private final List<HealthCheck> parts;
  private final ProbeThreads threads;
  private final Clock clock;
  private Instant asked = Instant.MIN;
  private CompletableFuture<Response> answer = new CompletableFuture<>();

  /**
   * Where checks run.
   *
   * @param workers may wait for what is checked
   * @param timer ends the waiting
   */
  public record ProbeThreads(Executor workers, ScheduledExecutorService timer) {}

  /**
   * The resource.
   *
   * @param version the application's
   * @param checks by the names of the parts: each answers what is to be told of its part, or throws
   *     if that is down
   */
  public StatusResource(
      String version,
      Map<String, Supplier<Map<String, Object>>> checks,
      ProbeThreads threads,
      Clock clock) {
    this.version = version;
    this.parts =
        checks.entrySet().stream()
            .map(check -> new HealthCheck(check.getKey(), check.getValue(), clock))
            .toList();
    this.threads = threads;
    this.clock = clock;
  }

  /**
   * Answers 200, or 503 if a part is down or does not answer in time. Who asks within ten seconds
   * gets the same answer.
   */
  @GET
  @Produces("application/json")
  public CompletionStage<Response> status() {
    return latest().thenApply(latest -> Response.fromResponse(latest).build());
  }

  private synchronized CompletableFuture<Response> latest() {
    if (!clock.instant().isBefore(asked.plus(KEPT))) {
      asked = clock.instant();
      answer = ask();
    }
    return answer;
  }

  private CompletableFuture<Response> ask() {
    Map<String, CompletableFuture<Map<String, Object>>> answers = new LinkedHashMap<>();
    parts.forEach(part -> answers.put(part.name(), ask(part)));
    return CompletableFuture.allOf(answers.values().toArray(CompletableFuture[]::new))
        .thenApply(
            all -> {
              Map<String, Object> told = new LinkedHashMap<>();
              answers.forEach((name, part) -> told.put(name, part.join()));
              return response(told);
            });
  }

  private CompletableFuture<Map<String, Object>> ask(HealthCheck part) {
    CompletableFuture<Map<String, Object>> late = new CompletableFuture<>();
    Future<?> limit =
        threads
            .timer()
            .schedule(
                () -> late.complete(part.late(LIMIT_SECONDS)), LIMIT_SECONDS, TimeUnit.SECONDS);
    return part.run(threads.workers())
        .whenComplete((told, failure) -> limit.cancel(false))
        .applyToEither(late, told -> told);
  }

  private Response response(Map<String, Object> told) {
    boolean isUp = parts.stream().allMatch(HealthCheck::isUp);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("status", isUp ? HealthCheck.OK : HealthCheck.UNAVAILABLE);
    body.put("version", version);
    body.put("parts", told);
    return Response.status(isUp ? 200 : 503)
        .entity(AnswerJson.json(body))
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .build();
  }
}
