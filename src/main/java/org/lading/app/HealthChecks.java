package org.lading.app;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.lading.amqp.Amqp;
import org.lading.api.operator.AncestorStatus;
import org.lading.config.Configuration;
import org.lading.health.HealthCheck;
import org.lading.health.HealthMonitor;
import org.lading.health.Readiness;
import org.lading.request.RequestForm;

/** The checks of the parts of the application, for {@code /status} and {@code /health/ready}. */
record HealthChecks(
    SettingsReport settings,
    StoredDataChecks storedData,
    LaneReport lanes,
    RootReports roots,
    EventDelivery events,
    Configuration configuration) {
  /** The time for which a result is kept, so that requests cannot cause many calls to a bucket. */
  private static final Duration MAX_AGE = Duration.ofSeconds(10);

  /** As above, of parts whose checks cost little and decide whether the node gets requests. */
  private static final Duration MAX_AGE_OF_NEEDED = Duration.ofSeconds(1);

  /** The time of a check for which whoever asks whether the node is ready waits. */
  private static final Duration MAX_WAIT = Duration.ofMillis(50);

  private static final String SETTINGS = "settings";
  private static final String DATABASE = "database";
  private static final String STORAGE = "storage";

  /** Makes the monitor of all parts. */
  HealthMonitor monitor(NodeThreads threads, Clock clock) {
    return new HealthMonitor(checks(threads, clock));
  }

  /** Has the readiness ask a monitor about the parts that a node needs. */
  static void answer(Readiness readiness, HealthMonitor monitor) {
    readiness.ask(Readiness.Part.DATABASE, () -> monitor.fault(DATABASE, MAX_WAIT));
    readiness.ask(Readiness.Part.STORAGE, () -> monitor.fault(STORAGE, MAX_WAIT));
  }

  /** Returns what makes more fields of all reports. */
  Function<Map<String, Map<String, Object>>, Map<String, Object>> notesOfAll() {
    RequestForm form = configuration.create().rules().form();
    return form == RequestForm.OWN ? parts -> Map.of() : AncestorStatus::fields;
  }

  private List<HealthCheck> checks(NodeThreads threads, Clock clock) {
    Map<String, Supplier<Map<String, Object>>> own = new LinkedHashMap<>();
    own.put(SETTINGS, settings::report);
    own.put(DATABASE, storedData::databaseReport);
    own.put("scheduler", lanes::check);
    own.put(STORAGE, storedData::storageReport);
    if (!events.channels().isEmpty()) {
      own.put("events", events::report);
    }
    Amqp amqp = events.amqp();
    if (amqp != null) {
      own.put("amqp", amqp::check);
    }
    Map<String, Supplier<Map<String, Object>>> ofRoots = new LinkedHashMap<>();
    roots.addTo(ofRoots);
    List<HealthCheck> checks = new ArrayList<>();
    own.forEach(
        (name, check) -> {
          boolean isNeeded = List.of(SETTINGS, DATABASE, STORAGE).contains(name);
          Duration maxAge = isNeeded ? MAX_AGE_OF_NEEDED : MAX_AGE;
          checks.add(new HealthCheck(name, check, threads.checkers(), maxAge, clock));
        });
    ofRoots.forEach(
        (name, check) ->
            checks.add(new HealthCheck(name, check, threads.readers(), MAX_AGE, clock)));
    return checks;
  }
}
