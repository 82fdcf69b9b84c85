package org.lading.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.ToDoubleFunction;
import org.lading.base.BuildVersion;
import org.lading.checksum.ChecksumLedger;
import org.lading.config.Configuration;
import org.lading.download.DownloadStore;
import org.lading.job.JobScheduler;
import org.lading.metrics.Metrics;
import org.lading.metrics.Reading;

/**
 * Registers the metrics of those parts of a node that know nothing of metrics themselves.
 *
 * @param executor reads what may block
 */
record NodeMetrics(Metrics metrics, Executor executor, Clock clock) {
  private static final Reading.Times DISK_TIMES =
      new Reading.Times(Duration.ofSeconds(10), Duration.ofMillis(200), Duration.ofMinutes(2));

  /** The room on the file system of a directory. */
  private record Space(long free, long size) {
    static Space of(Path directory) {
      try {
        FileStore disk = Files.getFileStore(directory);
        return new Space(disk.getUsableSpace(), disk.getTotalSpace());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Registers the version, and the room on the file systems that the node writes to. */
  void storage(Configuration configuration) {
    metrics.buildInfo(BuildVersion.OF_THIS_BUILD);
    space("storage", configuration.storage());
    if (configuration.database().isEmbedded()) {
      space("database", configuration.database().directory());
    }
  }

  private void space(String name, Path directory) {
    Reading<Optional<Space>> space =
        new Reading<>(
            () -> Optional.of(Space.of(directory)),
            Optional.empty(),
            executor,
            System::nanoTime,
            DISK_TIMES);
    String[] labels = {"directory", name};
    metrics.gauge(
        "lading.storage.free.bytes",
        "Bytes that may still be written to the file system of a directory",
        () -> figure(space, Space::free),
        labels);
    metrics.gauge(
        "lading.storage.size.bytes",
        "Bytes of the file system of a directory",
        () -> figure(space, Space::size),
        labels);
  }

  private static double figure(Reading<Optional<Space>> space, ToDoubleFunction<Space> value) {
    Optional<Space> now = space.get();
    return now == null || now.isEmpty() ? Double.NaN : value.applyAsDouble(now.get());
  }

  /** Registers what the database knows, and what comes of messages. */
  void database(DownloadStore store, EventDelivery events) {
    new StoredFigures(store, events.outbox(), events.channels(), executor, clock).register(metrics);
    events.register(metrics);
  }

  /** Registers the preparations, and all jobs that run. */
  void jobs(JobScheduler jobs, DownloadStore store) {
    metrics.gauge("lading.jobs.active", "Jobs that run on this node", jobs::running);
    new LaneReport(jobs, store).register(metrics);
  }

  /** Registers the look-ups in the ledger. */
  void ledger(ChecksumLedger ledger) {
    String lookups = "Checksums that were looked up in the ledger";
    metrics.counter("lading.ledger.lookups", lookups, ledger::hits, "result", "hit");
    metrics.counter("lading.ledger.lookups", lookups, ledger::misses, "result", "miss");
  }
}
