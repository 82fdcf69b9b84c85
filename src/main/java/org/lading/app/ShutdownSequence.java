package org.lading.app;

import java.time.Duration;
import org.lading.http.ArchiveReply;
import org.lading.job.JobScheduler;
import org.lading.root.Roots;

/**
 * Stops an application: waits for running tasks to end or to be left to other nodes; then closes
 * the roots, which ends tasks that wait for a store. Only tasks that still run after that are
 * interrupted: an interruption of a write would close an embedded database for all threads.
 *
 * @param beforeStop answers the clients that wait for downloads
 */
record ShutdownSequence(
    Runnable beforeStop,
    JobScheduler jobs,
    NodeThreads threads,
    Roots roots,
    ArchiveReply archives) {
  private static final Duration MAX_TIME_WITH_ROOTS = Duration.ofSeconds(1);
  private static final Duration MAX_TIME_WITHOUT_ROOTS = Duration.ofSeconds(3);

  /** Runs all steps in order. */
  void run() throws InterruptedException {
    beforeStop.run();
    jobs.beginToStop();
    threads.shutdown();
    jobs.awaitEnd(MAX_TIME_WITH_ROOTS);
    roots.close();
    jobs.awaitEnd(MAX_TIME_WITHOUT_ROOTS);
    NodeThreads.awaitEnd(threads.prefetchers());
    NodeThreads.awaitEnd(threads.readers());
    NodeThreads.awaitEnd(threads.largeCreates());
    jobs.close();
    archives.close();
    NodeThreads.awaitEnd(threads.timer());
  }
}
