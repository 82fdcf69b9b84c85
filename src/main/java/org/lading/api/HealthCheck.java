package org.lading.api;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.lading.error.LadingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out whether one part of the application is there, and remembers when it last was not. */
final class HealthCheck {
  static final String OK = "ok";
  static final String UNAVAILABLE = "unavailable";

  private static final Logger log = LoggerFactory.getLogger(HealthCheck.class);

  private final String name;
  private final Supplier<Map<String, Object>> check;
  private final Clock clock;
  private @Nullable CompletableFuture<Map<String, Object>> running;
  private @Nullable Map<String, Object> lastError;
  private boolean isUp;

  HealthCheck(String name, Supplier<Map<String, Object>> check, Clock clock) {
    this.name = name;
    this.check = check;
    this.clock = clock;
  }

  String name() {
    return name;
  }

  /** Whether it was there when it was last told of. */
  synchronized boolean isUp() {
    return isUp;
  }

  /** What is to be told; one that still hangs is waited for rather than asked a second time. */
  synchronized CompletableFuture<Map<String, Object>> run(Executor workers) {
    CompletableFuture<Map<String, Object>> current = running;
    if (current == null || current.isDone()) {
      current = CompletableFuture.supplyAsync(this::check, workers);
      running = current;
    }
    return current;
  }

  /** What is to be told of a part that has not answered. */
  Map<String, Object> late(int seconds) {
    return down("It did not answer within " + seconds + " seconds");
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
    isUp = true;
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("status", OK);
    told.putAll(details);
    if (lastError != null) {
      told.put("last_error", lastError);
    }
    return told;
  }

  private synchronized Map<String, Object> down(String sentence) {
    isUp = false;
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("at", clock.instant().toString());
    error.put("error", sentence);
    lastError = error;
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("status", UNAVAILABLE);
    told.put("error", sentence);
    told.put("last_error", error);
    return told;
  }
}
