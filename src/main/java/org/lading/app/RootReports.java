package org.lading.app;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.lading.health.HealthMonitor;
import org.lading.health.PartReport;
import org.lading.metrics.Metrics;
import org.lading.root.Root;
import org.lading.root.RootSettings;
import org.lading.root.Roots;
import org.lading.root.watch.RootWatch;

/** What {@code /status} and {@code /metrics} tell of the roots. */
record RootReports(List<RootSettings> settings, Roots roots, RootWatch watch) {
  private static final String PART = "root ";

  /** Adds the check of each root, under the name of its part. */
  void addTo(Map<String, Supplier<Map<String, Object>>> checks) {
    settings.forEach(root -> checks.put(PART + root.name(), () -> check(root)));
  }

  /** Returns which steps wait for a root, if the part is one: also of a root that is down. */
  Map<String, Object> notes(String part) {
    List<Map<String, Object>> waiting =
        part.startsWith(PART) ? watch.report(part.substring(PART.length())) : List.of();
    return waiting.isEmpty() ? Map.of() : Map.of("waiting", waiting);
  }

  /** Registers the metrics of each root, whether it is up as a monitor knows that. */
  void register(Metrics metrics, HealthMonitor monitor) {
    RareRefresh refresh = new RareRefresh(monitor);
    for (Root root : roots.all()) {
      String name = root.name();
      metrics.gauge(
          "lading.root.up",
          "Whether a root answered when it was last checked",
          () -> up(refresh.report(PART + name)),
          "root",
          name);
      metrics.gauge(
          "lading.root.waiting",
          "Threads that wait for a root, or are stuck in it",
          () -> watch.waiting(name),
          "root",
          name);
      metrics.gauge(
          "lading.root.stuck",
          "Threads that are stuck in a root, and were given up",
          () -> watch.stuck(name),
          "root",
          name);
      metrics.counter(
          "lading.root.given.up",
          "Steps on a root that were given up, since it did not answer",
          () -> watch.givenUp(name),
          "root",
          name);
    }
  }

  private static double up(PartReport report) {
    return switch (report.state()) {
      case OK -> 1;
      case UNAVAILABLE -> 0;
      case CHECKING -> Double.NaN;
    };
  }

  /** Has a monitor check its parts when it is asked, and not each time: calls to S3 cost money. */
  private static final class RareRefresh {
    private static final long PAUSE_NANOS = Duration.ofMinutes(1).toNanos();

    private final HealthMonitor monitor;
    private long nextNanos = System.nanoTime();

    RareRefresh(HealthMonitor monitor) {
      this.monitor = monitor;
    }

    synchronized PartReport report(String part) {
      if (System.nanoTime() - nextNanos >= 0) {
        nextNanos = System.nanoTime() + PAUSE_NANOS;
        CompletableFuture<Void> unused = monitor.refresh();
      }
      return monitor.report(part);
    }
  }

  private Map<String, Object> check(RootSettings configured) {
    Root root = roots.get(configured.name());
    root.check();
    List<String> warnings = new ArrayList<>(configured.warnings());
    root.warning().ifPresent(warnings::add);
    return warnings.isEmpty() ? Map.of() : Map.of("warning", String.join("; ", warnings));
  }
}
