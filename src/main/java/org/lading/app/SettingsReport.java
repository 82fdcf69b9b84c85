package org.lading.app;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lading.metrics.Metrics;

/** What {@code /status} says of the settings: since when they hold, and what was refused since. */
final class SettingsReport {
  private final Clock clock;
  private State state;

  private record State(String file, Instant since, String warning) {}

  SettingsReport(Clock clock) {
    this.clock = clock;
    this.state = new State("", now(), "");
  }

  /** Takes note that the settings of a file hold from now on. */
  synchronized void took(Path file) {
    state = new State(String.valueOf(file.getFileName()), now(), "");
  }

  /** Takes note that the file has changed, and its settings do not hold. */
  synchronized void refused(List<String> faults) {
    String more = faults.size() == 1 ? "" : " (and " + (faults.size() - 1) + " more)";
    state =
        new State(
            state.file,
            state.since,
            "The file has changed at "
                + now()
                + " and was not taken, the settings of before hold: "
                + faults.get(0)
                + more);
  }

  /** Takes note that the file is again as it was when its settings were taken. */
  synchronized void hold() {
    state = new State(state.file, state.since, "");
  }

  /** Returns whether the file has changed, and its settings do not hold. */
  synchronized boolean isRefused() {
    return !state.warning.isEmpty();
  }

  /** Registers whether they are refused as a gauge. */
  void register(Metrics metrics) {
    metrics.gauge(
        "lading.settings.refused",
        "1 while the settings file has changed and is not taken, since it has faults",
        () -> isRefused() ? 1 : 0);
  }

  /** Returns the report. */
  synchronized Map<String, Object> report() {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("file", state.file);
    report.put("since", state.since.toString());
    if (!state.warning.isEmpty()) {
      report.put("warning", state.warning);
    }
    return report;
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
