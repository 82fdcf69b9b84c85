package org.lading.app;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.lading.access.Clients;
import org.lading.config.Configuration;
import org.lading.http.header.ClientAddress;
import org.lading.limit.AddressUse;
import org.lading.limit.ArchiveSlots;
import org.lading.limit.LimitSettings;
import org.lading.limit.Limits;
import org.lading.limit.Pacer;
import org.lading.limit.SendingLimits;
import org.lading.metrics.Metrics;
import org.lading.store.Database;
import org.lading.store.JdbcLimitStore;

/** Makes the parts that limit what clients ask for, and what this node sends. */
final class LimitParts {
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private LimitParts() {}

  /** Makes what finds the addresses of clients. */
  static ClientAddress addresses(Configuration configuration) {
    return new ClientAddress(configuration.routes().trustedProxies());
  }

  /** Makes the limits; the nodes on a database count together. */
  static Limits limits(
      LimitSettings settings, Database database, AddressUse addresses, Clock clock) {
    return new Limits(settings, new JdbcLimitStore(database), addresses, Clients.BY_ADDRESS, clock);
  }

  /** Makes what bounds the archives of this node. */
  static SendingLimits sending(
      Configuration configuration,
      Limits limits,
      NodeThreads threads,
      Metrics metrics,
      Sending.Part mine,
      Clock clock) {
    LimitSettings settings = configuration.limits();
    ScheduledExecutorService timer = threads.timer();
    ArchiveSlots slots = new ArchiveSlots(settings.archivesAtOnce(), mine::others, clock);
    new PeriodicTasks(timer).repeat(PAUSE, slots::tick);
    metrics.gauge(
        "lading.archives.waiting", "Archives that wait until others are sent", slots::waiting);
    Pacer pacer =
        new Pacer(
            settings.bytesPerSecond(),
            (task, nanos) -> {
              var unused = timer.schedule(task, nanos, TimeUnit.NANOSECONDS);
            },
            System::nanoTime);
    new PeriodicTasks(timer).repeat(PAUSE, () -> pacer.share(mine.share()));
    return new SendingLimits(limits, slots, pacer);
  }
}
