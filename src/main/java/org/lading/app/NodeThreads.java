package org.lading.app;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of one node, except those of its jobs.
 *
 * @param timer the threads for tasks that are due at a given time
 * @param readers the threads that read sources for clients; their tasks may block
 * @param prefetchers the threads that read sources before their turn; their tasks may block
 * @param largeCreates the threads that read and store large requests, each of which may take
 *     seconds
 */
record NodeThreads(
    ScheduledThreadPoolExecutor timer,
    ThreadPoolExecutor readers,
    ThreadPoolExecutor prefetchers,
    ThreadPoolExecutor largeCreates) {
  private static final Logger log = LoggerFactory.getLogger(NodeThreads.class);

  private static final int TIMERS = 4;

  /** The maximum number of threads that wait for sources; a slow client needs no thread. */
  private static final int MAX_READERS = 256;

  private static final int MAX_PREFETCHERS = 64;
  private static final int MAX_LARGE_CREATES = 2;
  private static final Duration MAX_TIME_TO_END = Duration.ofSeconds(3);

  /** Makes the threads, each of which starts when it is needed. */
  NodeThreads() {
    this(
        ThreadPoolFactory.scheduling("lading-timer-", TIMERS),
        ThreadPoolFactory.growing("lading-reader-", MAX_READERS),
        ThreadPoolFactory.growing("lading-prefetcher-", MAX_PREFETCHERS),
        ThreadPoolFactory.growing("lading-create-", MAX_LARGE_CREATES));
  }

  /** Takes no more tasks. */
  void shutdown() {
    timer.shutdown();
    readers.shutdown();
    prefetchers.shutdown();
    largeCreates.shutdown();
  }

  /**
   * Waits until all tasks of a pool have ended, and interrupts those that take too long. It waits
   * for the threads too, since a container reports threads that run after this as leaks.
   */
  static void awaitEnd(ThreadPoolExecutor pool) throws InterruptedException {
    if (pool.awaitTermination(MAX_TIME_TO_END.toNanos(), NANOSECONDS)) {
      return;
    }
    for (Runnable dropped : pool.shutdownNow()) {
      // A thread may wait for the task.
      if (dropped instanceof Future<?> task) {
        task.cancel(false);
      }
    }
    if (!pool.awaitTermination(MAX_TIME_TO_END.toNanos(), NANOSECONDS)) {
      log.warn("Threads still run");
    }
  }
}
