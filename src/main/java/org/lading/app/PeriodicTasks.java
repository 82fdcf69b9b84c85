package org.lading.app;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import org.lading.error.FaultLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats, on a timer, tasks that each node runs for itself; tasks that nodes share are jobs.
 *
 * @param timer runs the tasks until it is shut down
 */
record PeriodicTasks(ScheduledExecutorService timer) {
  private static final Logger log = LoggerFactory.getLogger(PeriodicTasks.class);

  /** Repeats a task even after a failure: a lack of memory may be over the next time. */
  void repeat(Duration pause, Runnable task) {
    Runnable guarded =
        () -> {
          try {
            task.run();
          } catch (Throwable e) {
            FaultLog.warn(log, "A periodic task failed, and is repeated", e);
          }
        };
    Future<?> unused =
        timer.scheduleWithFixedDelay(guarded, pause.toMillis(), pause.toMillis(), MILLISECONDS);
  }
}
