package org.lading.app;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import org.lading.download.Lane;
import org.lading.estimate.Estimator;
import org.lading.event.Delivery;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of one node, except those of its jobs.
 *
 * @param timer the threads for tasks that are due at a given time
 * @param watch the thread that gives up steps on roots that do not answer
 * @param readers the threads that read sources for clients; their tasks may block
 * @param checkers the threads that ask parts other than roots whether they answer, one for each
 * @param preparers the threads that make the entries of downloads; their tasks may block
 * @param estimators the threads that make the entries of estimates; their tasks may block
 * @param browsers the threads that read directories for pages; their tasks may block
 * @param prefetchers the threads that read sources before their turn; their tasks may block
 * @param senders the threads that send messages about downloads; their tasks may block
 * @param webhooks the threads that make the requests of webhooks; their tasks may block for long
 * @param largeCreates the threads that read and store large requests, each of which may take
 *     seconds
 */
record NodeThreads(
    ScheduledThreadPoolExecutor timer,
    ScheduledThreadPoolExecutor watch,
    ThreadPoolExecutor readers,
    ThreadPoolExecutor checkers,
    ThreadPoolExecutor preparers,
    ThreadPoolExecutor estimators,
    ThreadPoolExecutor browsers,
    ThreadPoolExecutor prefetchers,
    ThreadPoolExecutor senders,
    ThreadPoolExecutor webhooks,
    ThreadPoolExecutor largeCreates) {
  private static final Logger log = LoggerFactory.getLogger(NodeThreads.class);

  private static final int TIMERS = 4;

  /** The maximum number of threads that wait for sources; a slow client needs no thread. */
  private static final int MAX_READERS = 256;

  /** The database, the scheduler, the storage, the messages, the broker, and what is prepared. */
  private static final int MAX_CHECKERS = 6;

  private static final int MAX_BROWSERS = 16;
  private static final int MAX_PREFETCHERS = 64;

  /** More than are sent at once: some may wait for a name server after their time is up. */
  private static final int MAX_WEBHOOKS = 64;

  private static final int MAX_LARGE_CREATES = 2;
  private static final long MAX_PAUSE_NANOS = 50_000_000;
  private static final Duration MAX_TIME_AFTER_INTERRUPT = Duration.ofSeconds(1);

  /**
   * Makes the threads, each of which starts when it is needed.
   *
   * @param maxPreparations the maximum number of preparers, of whom one root that answers nobody
   *     may have half of those of one lane
   */
  NodeThreads(int maxPreparations) {
    this(
        ThreadPoolFactory.scheduling("lading-timer-", TIMERS),
        ThreadPoolFactory.scheduling("lading-watch-", 1),
        ThreadPoolFactory.growing("lading-reader-", MAX_READERS),
        ThreadPoolFactory.growing("lading-checker-", MAX_CHECKERS),
        ThreadPoolFactory.growing(
            "lading-preparer-", maxPreparations, maxPreparations / Lane.values().length / 2),
        ThreadPoolFactory.growing("lading-estimator-", Estimator.MAX_AT_ONCE),
        ThreadPoolFactory.growing("lading-browser-", MAX_BROWSERS),
        ThreadPoolFactory.growing("lading-prefetcher-", MAX_PREFETCHERS),
        ThreadPoolFactory.growing("lading-sender-", Delivery.MAX_THREADS),
        ThreadPoolFactory.growing("lading-webhook-", MAX_WEBHOOKS),
        ThreadPoolFactory.growing("lading-create-", MAX_LARGE_CREATES));
  }

  /** Takes no more tasks. */
  void shutdown() {
    pools().forEach(ThreadPoolExecutor::shutdown);
  }

  /** Waits until no message is being sent, and interrupts what takes longer than the given time. */
  void awaitSenders(Duration limit) throws InterruptedException {
    if (!senders.awaitTermination(limit.toNanos(), NANOSECONDS)) {
      senders.shutdownNow();
    }
  }

  /**
   * Waits until all tasks have ended, and interrupts those that take too long. It waits for the
   * threads too, since a container reports threads that run after this as leaks.
   *
   * @param deadline the {@link System#nanoTime} from which on it interrupts
   */
  void awaitEnd(long deadline) throws InterruptedException {
    if (areOver(deadline)) {
      return;
    }
    for (ThreadPoolExecutor pool : pools()) {
      for (Runnable dropped : pool.shutdownNow()) {
        // A thread may wait for the task.
        if (dropped instanceof Future<?> task) {
          task.cancel(false);
        }
      }
    }
    if (!areOver(deadline + MAX_TIME_AFTER_INTERRUPT.toNanos())) {
      log.warn("Threads still run");
    }
  }

  /** Waits for the pools; not for threads that are stuck, which end nobody knows when. */
  private boolean areOver(long deadline) throws InterruptedException {
    for (ThreadPoolExecutor pool : pools()) {
      while (!isOver(pool)) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        boolean unused = pool.awaitTermination(Math.min(left, MAX_PAUSE_NANOS), NANOSECONDS);
      }
    }
    return true;
  }

  private static boolean isOver(ThreadPoolExecutor pool) {
    return pool instanceof ThreadPoolFactory.StepPool steps ? steps.isOver() : pool.isTerminated();
  }

  private List<ThreadPoolExecutor> pools() {
    return List.of(
        preparers,
        estimators,
        browsers,
        prefetchers,
        senders,
        webhooks,
        readers,
        checkers,
        largeCreates,
        timer,
        watch);
  }
}
