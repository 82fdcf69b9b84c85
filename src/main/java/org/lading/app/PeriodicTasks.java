package org.lading.app;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats the tasks that each node has for itself, on a timer; jobs, which nodes share, are others.
 *
 * @param timer runs the tasks, which end with it
 */
record PeriodicTasks(ScheduledExecutorService timer) {
  private static final Logger log = LoggerFactory.getLogger(PeriodicTasks.class);

  /** Repeats a task, also after it has failed: even memory may be available the next time. */
  void repeat(Duration pause, Runnable task) {
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
