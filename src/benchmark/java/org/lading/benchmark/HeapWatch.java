package org.lading.benchmark;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The heap of another JVM that is in use after a collection, looked at again and again during a
 * work.
 *
 * @param most the largest that was seen, in bytes
 * @param samples how often it was looked at
 * @param time how long the work took, which the collections slow down
 */
public record HeapWatch(long most, int samples, Duration time) {
  /** Does a work that the process has a part in, with at least that much time between looks. */
  public static HeapWatch during(ProcessProbe probe, Duration pause, Callable<?> work)
      throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      long start = System.nanoTime();
      Future<?> running = thread.submit(work);
      long most = 0;
      int samples = 0;
      while (!isDone(running, pause)) {
        most = Math.max(most, probe.usedAfterGc());
        samples++;
      }
      return new HeapWatch(most, samples, Duration.ofNanos(System.nanoTime() - start));
    } finally {
      thread.shutdownNow();
    }
  }

  private static boolean isDone(Future<?> work, Duration pause) throws Exception {
    try {
      work.get(pause.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }
}
