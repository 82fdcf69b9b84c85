package org.lading.app;

import java.time.Duration;
import java.util.List;
import org.lading.http.ArchiveReply;
import org.lading.job.JobScheduler;
import org.lading.root.Root;
import org.lading.root.Roots;
import org.lading.root.watch.RootWatch;

/**
 * Stops an application: waits for running tasks to end or to be left to other nodes; then closes
 * the roots, which ends tasks that wait for a store; then gives up all steps on roots. Only tasks
 * that still run after that are interrupted. Each limit counts from the beginning of the stop.
 *
 * @param beforeStop answers the clients that wait for downloads
 */
record ShutdownSequence(
    Runnable beforeStop,
    JobScheduler jobs,
    EventDelivery events,
    NodeThreads threads,
    Roots roots,
    RootWatch watch,
    ArchiveReply archives) {
  private static final Duration UNTIL_ROOTS_CLOSE = Duration.ofSeconds(1);
  private static final Duration UNTIL_STEPS_ARE_GIVEN_UP = Duration.ofMillis(2500);
  private static final Duration UNTIL_JOBS_ARE_INTERRUPTED = Duration.ofSeconds(4);
  private static final Duration UNTIL_TASKS_ARE_INTERRUPTED = Duration.ofMillis(5500);

  /** Runs all steps in order. */
  void run() throws InterruptedException {
    long begin = System.nanoTime();
    beforeStop.run();
    jobs.beginToStop();
    events.beginToStop();
    threads.shutdown();
    jobs.awaitEnd(left(begin, UNTIL_ROOTS_CLOSE));
    threads.awaitSenders(left(begin, UNTIL_ROOTS_CLOSE));
    events.close();
    closeRoots(begin);
    jobs.awaitEnd(left(begin, UNTIL_STEPS_ARE_GIVEN_UP));
    watch.giveUpAll();
    jobs.awaitEnd(left(begin, UNTIL_JOBS_ARE_INTERRUPTED));
    threads.awaitEnd(begin + UNTIL_TASKS_ARE_INTERRUPTED.toNanos());
    jobs.close();
    archives.close();
  }

  /** Closes the roots at the same time, since one that hangs must not delay the others. */
  private void closeRoots(long begin) throws InterruptedException {
    List<Thread> closing = roots.all().stream().map(ShutdownSequence::close).toList();
    for (Thread thread : closing) {
      thread.join(Math.max(1, left(begin, UNTIL_STEPS_ARE_GIVEN_UP).toMillis()));
    }
  }

  private static Thread close(Root root) {
    Thread thread = new Thread(root::close, "lading-stop-" + root.name());
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static Duration left(long begin, Duration limit) {
    Duration left = limit.minusNanos(System.nanoTime() - begin);
    return left.isNegative() ? Duration.ZERO : left;
  }
}
