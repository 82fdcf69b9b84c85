package org.lading.api;

import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.lading.base.Abandonable;
import org.lading.error.LadingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks one part of the application, and remembers its last error. */
final class HealthCheck {
  /** The status of a part that answered. */
  static final String OK = "ok";

  /** The status of a part that failed or did not answer in time. */
  static final String UNAVAILABLE = "unavailable";

  private static final Logger log = LoggerFactory.getLogger(HealthCheck.class);

  private final String name;
  private final Supplier<Map<String, Object>> check;
  private final Clock clock;
  private @Nullable CompletableFuture<Map<String, Object>> running;
  private @Nullable Map<String, Object> lastError;

  HealthCheck(String name, Supplier<Map<String, Object>> check, Clock clock) {
    this.name = name;
    this.check = check;
    this.clock = clock;
  }

  /** Returns the name of the part. */
  String name() {
    return name;
  }

  /** Runs the check, and returns its report; a check that still runs is not started again. */
  synchronized CompletableFuture<Map<String, Object>> run(Executor workers) {
    CompletableFuture<Map<String, Object>> current = running;
    if (current == null || current.isDone()) {
      current = new CompletableFuture<>();
      running = current;
      workers.execute(new Probe(current));
    }
    return current;
  }

  /** Returns the report of a check that has not answered in time. */
  Map<String, Object> timedOut(int seconds) {
    return down("It did not answer within " + seconds + " seconds");
  }

  /** One run of the check, which fails when its thread is stuck. */
  private final class Probe implements Runnable, Abandonable {
    private final CompletableFuture<Map<String, Object>> report;

    Probe(CompletableFuture<Map<String, Object>> report) {
      this.report = report;
    }

    @Override
    public void run() {
      try {
        report.complete(check());
      } catch (Error e) {
        report.completeExceptionally(e);
        throw e;
      }
    }

    @Override
    public void abandon(RuntimeException reason) {
      report.complete(down(String.valueOf(reason.getMessage())));
    }
  }

  private Map<String, Object> check() {
    try {
      return up(check.get());
    } catch (LadingException e) {
      return down(e.sentence());
    } catch (RuntimeException e) {
      log.error("The check of {} failed", name, e);
      return down("The check failed; the log has the details");
    }
  }

  private synchronized Map<String, Object> up(Map<String, Object> details) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("status", OK);
    report.putAll(details);
    if (lastError != null) {
      report.put("last_error", lastError);
    }
    return report;
  }

  private synchronized Map<String, Object> down(String sentence) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("at", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
    error.put("error", sentence);
    lastError = error;
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("status", UNAVAILABLE);
    report.put("error", sentence);
    report.put("last_error", error);
    return report;
  }
}
