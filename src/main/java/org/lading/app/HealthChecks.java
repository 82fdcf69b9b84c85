package org.lading.app;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.lading.amqp.Amqp;
import org.lading.api.AncestorStatus;
import org.lading.api.StatusResource;
import org.lading.request.RequestForm;
import org.lading.request.RequestRules;

/** The checks of the parts of the application that {@code /status} makes. */
record HealthChecks(
    StoredDataChecks storedData,
    LaneReport lanes,
    RootReports roots,
    EventDelivery events,
    RequestRules requests) {
  /** Makes the resource that runs them. */
  StatusResource resource(NodeThreads threads, Clock clock) {
    Map<String, Supplier<Map<String, Object>>> checks = new LinkedHashMap<>();
    checks.put("database", storedData::databaseReport);
    checks.put("scheduler", lanes::check);
    checks.put("storage", storedData::storageReport);
    if (!events.channels().isEmpty()) {
      checks.put("events", events::report);
    }
    Amqp amqp = events.amqp();
    if (amqp != null) {
      checks.put("amqp", amqp::check);
    }
    roots.addTo(checks);
    return new StatusResource(
        BuildVersion.OF_THIS_BUILD,
        checks,
        new StatusResource.Notes(
            roots::notes,
            requests.form() == RequestForm.OWN ? parts -> Map.of() : AncestorStatus::fields),
        new StatusResource.ProbeThreads(threads.readers(), threads.timer()),
        clock);
  }
}
