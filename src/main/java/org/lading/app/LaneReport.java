package org.lading.app;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.lading.download.Download;
import org.lading.download.Download.State;
import org.lading.download.DownloadStore;
import org.lading.download.DownloadStore.Waiting;
import org.lading.download.Lane;
import org.lading.job.JobScheduler;
import org.lading.metrics.Metrics;

/**
 * Tells how many preparations run and wait in each lane.
 *
 * @param jobs has those that run on this node
 * @param store has those that wait for any node
 */
record LaneReport(JobScheduler jobs, DownloadStore store) {
  /** Registers the numbers of this node as gauges, and the counters of preparations at 0. */
  void register(Metrics metrics) {
    Stream.of(State.values())
        .filter(state -> state.isSettled() && state != State.EXPIRED)
        .forEach(state -> metrics.preparations(state.word()));
    for (Lane lane : Lane.values()) {
      metrics.gauge(
          "lading.preparations.running",
          "Preparations that run on this node",
          () -> jobs.running(lane),
          "lane",
          lane.word());
    }
  }

  /** Counts a download that is settled, with the time that its last attempt took. */
  static void countSettled(Metrics metrics, Download download) {
    Instant started = download.started();
    Instant settled = download.settled();
    if (started != null && settled != null) {
      Duration time = Duration.between(started, settled);
      metrics.prepared(download.state().word(), time, download.totals().entries());
    }
  }

  /** Returns the numbers for {@code /status}; throws if the jobs are not looked for. */
  Map<String, Object> check() {
    jobs.check();
    Map<Lane, Waiting> waiting = store.waiting();
    Map<String, Object> lanes = new LinkedHashMap<>();
    for (Lane lane : Lane.values()) {
      Map<String, Object> numbers = new LinkedHashMap<>();
      numbers.put("waiting", Waiting.in(waiting, lane));
      numbers.put("running", jobs.running(lane));
      lanes.put(lane.word(), numbers);
    }
    return lanes;
  }
}
