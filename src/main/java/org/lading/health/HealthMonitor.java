package org.lading.health;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Knows of each part whether it answers. Checks begin when somebody asks and the last one is too
 * old; nobody has to wait for one that hangs.
 */
public final class HealthMonitor {
  private final Map<String, HealthCheck> checks = new LinkedHashMap<>();

  /** Makes a monitor of the parts that checks are for, in their order. */
  public HealthMonitor(List<HealthCheck> checks) {
    checks.forEach(check -> this.checks.put(check.name(), check));
  }

  /**
   * Starts the checks that are due.
   *
   * @return completes when no check runs, which may never be
   */
  public CompletableFuture<Void> refresh() {
    return CompletableFuture.allOf(
        checks.values().stream().map(HealthCheck::refresh).toArray(CompletableFuture[]::new));
  }

  /** Returns the time in milliseconds until all checks that run have run for the given time. */
  public long millisUntil(Duration time) {
    return checks.values().stream().mapToLong(check -> check.millisUntil(time)).max().orElse(0);
  }

  /** Returns what is known of each part now. */
  public List<PartReport> reports() {
    return checks.values().stream().map(HealthCheck::report).toList();
  }

  /**
   * Returns why a part does not answer, or nothing if it did or has not been asked yet.
   *
   * @param maxTime the time for which a check has run when it is no longer waited for
   */
  public Optional<String> fault(String part, Duration maxTime) {
    HealthCheck check = check(part);
    await(check.refresh(), check.millisUntil(maxTime));
    return Optional.ofNullable(check.report().error());
  }

  /** Returns what is known of a part now. */
  public PartReport report(String part) {
    return check(part).report();
  }

  private HealthCheck check(String part) {
    HealthCheck check = checks.get(part);
    if (check == null) {
      throw new IllegalArgumentException("no part: " + part);
    }
    return check;
  }

  private static void await(CompletableFuture<Void> end, long millis) {
    try {
      end.get(millis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // What was known before is told.
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
