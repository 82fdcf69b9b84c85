package org.lading.app;

import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.lading.api.NginxSightings;
import org.lading.api.operator.Activity;
import org.lading.api.operator.MetricsResource;
import org.lading.api.operator.OperatorAccess;
import org.lading.api.operator.StatusResource;
import org.lading.base.BuildVersion;
import org.lading.config.Configuration;
import org.lading.download.Download;
import org.lading.download.DownloadStore;
import org.lading.download.DownloadStore.Waiting;
import org.lading.health.HealthMonitor;
import org.lading.health.RecentHour;
import org.lading.http.header.ClientAddress;
import org.lading.job.JobScheduler;
import org.lading.metrics.Metrics;
import org.lading.metrics.Reading;

/** The parts that those who run Lading ask, and what these tell of this node. */
final class OperatorParts {
  private static final Reading.Times TIMES =
      new Reading.Times(Duration.ofSeconds(1), Duration.ofMillis(20), Duration.ofSeconds(15));

  private final Configuration configuration;
  private final Metrics metrics;
  private final Sending sending;
  private final NodeThreads threads;
  private final Clock clock;
  private final Reading<Optional<Work>> work;
  private List<Object> pages = List.of();
  private volatile boolean isRetired;

  /**
   * What there is to prepare.
   *
   * @param preparing what this node prepares
   * @param waiting the number of downloads that wait, for any node
   */
  private record Work(List<Download> preparing, long waiting) {}

  /** Makes the parts of a node. */
  OperatorParts(
      Configuration configuration,
      Metrics metrics,
      Sending sending,
      LaneReport lanes,
      NodeThreads threads,
      Clock clock) {
    this.configuration = configuration;
    this.metrics = metrics;
    this.threads = threads;
    this.sending = sending;
    this.clock = clock;
    this.work =
        new Reading<>(
            () -> Optional.of(work(lanes.jobs(), lanes.store())),
            Optional.empty(),
            threads.checkers(),
            System::nanoTime,
            TIMES);
  }

  private static Work work(JobScheduler jobs, DownloadStore store) {
    List<Download> preparing =
        store.find(jobs.preparing()).stream()
            .filter(download -> !download.state().isSettled())
            .sorted(Comparator.comparing(Download::created))
            .toList();
    long waiting = store.waiting().values().stream().mapToLong(Waiting::count).sum();
    return new Work(preparing, waiting);
  }

  /** Begins to take samples. */
  void start(PeriodicTasks tasks) {
    sample();
    tasks.repeat(RecentHour.PAUSE, this::sample);
  }

  /** Takes no more samples, since others do. */
  void retire() {
    isRetired = true;
  }

  private void sample() {
    if (!isRetired) {
      sending.sample(work().map(now -> (double) now.waiting()).orElse(Double.NaN));
    }
  }

  private Optional<Work> work() {
    Optional<Work> latest = work.get();
    return latest == null ? Optional.empty() : latest;
  }

  private Activity activity() {
    return new Activity(
        clock.instant(),
        work().map(Work::preparing).orElse(null),
        sending.archives(),
        sending.minutes(clock.instant()));
  }

  /** Makes the pages with what a monitor of the checks finds. */
  void check(HealthMonitor monitor, HealthChecks checks, NginxSightings sightings) {
    ClientAddress addresses = new ClientAddress(configuration.routes().trustedProxies());
    OperatorAccess access = new OperatorAccess(configuration.routes().operators(), addresses::of);
    pages =
        List.of(
            new StatusResource(
                BuildVersion.OF_THIS_BUILD,
                new StatusResource.Sources(
                    monitor, checks.roots()::notes, checks.notesOfAll(), this::activity, sightings),
                threads.timer(),
                access),
            new MetricsResource(metrics, access));
  }

  /** Returns the JAX-RS resources of the pages. */
  List<Object> pages() {
    return pages;
  }
}
