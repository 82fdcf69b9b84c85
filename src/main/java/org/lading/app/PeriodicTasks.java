package org.lading.app;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import org.lading.download.DownloadStore;
import org.lading.download.Leases;
import org.lading.download.PreparationWaiters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the tasks that each node repeats, other than jobs, which all nodes share. */
final class PeriodicTasks {
  private static final Logger log = LoggerFactory.getLogger(PeriodicTasks.class);

  private static final Duration POLL_PAUSE = Duration.ofMillis(500);
  private static final Duration RENEWAL_PAUSE = Duration.ofSeconds(10);

  private final ScheduledExecutorService timer;

  /** Makes tasks that run on a timer, and end with it. */
  PeriodicTasks(ScheduledExecutorService timer) {
    this.timer = timer;
  }

  /** Polls for downloads that were prepared on other nodes. */
  void poll(PreparationWaiters waiters) {
    repeat(waiters::poll, POLL_PAUSE);
  }

  /** Renews leases. */
  void renew(Leases leases) {
    repeat(leases::renew, RENEWAL_PAUSE);
  }

  /** Checks the embedded database, which opens it again if it closed after a failed write. */
  void check(DownloadStore store) {
    repeat(store::check, RENEWAL_PAUSE);
  }

  /** Repeats a task, also after it has failed: even memory may be available the next time. */
  private void repeat(Runnable task, Duration pause) {
    Runnable guarded =
        () -> {
          try {
            task.run();
          } catch (Throwable e) {
            log.warn("A periodic task failed, and is repeated", e);
          }
        };
    Future<?> unused =
        timer.scheduleWithFixedDelay(guarded, pause.toMillis(), pause.toMillis(), MILLISECONDS);
  }
}
