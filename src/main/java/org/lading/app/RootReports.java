package org.lading.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
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

  /** Registers the metrics of each root. */
  void register(Metrics metrics) {
    for (Root root : roots.all()) {
      String name = root.name();
      metrics.gauge(
          "lading.root.waiting",
          "Threads that wait for a root, or are stuck in it",
          () -> watch.waiting(name),
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

  private Map<String, Object> check(RootSettings configured) {
    Root root = roots.get(configured.name());
    root.check();
    List<String> warnings = new ArrayList<>(configured.warnings());
    root.warning().ifPresent(warnings::add);
    return warnings.isEmpty() ? Map.of() : Map.of("warning", String.join("; ", warnings));
  }
}
