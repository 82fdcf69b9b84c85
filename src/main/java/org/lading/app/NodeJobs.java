package org.lading.app;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.lading.download.ExpiredDownloadRemover;
import org.lading.download.FairQueue;
import org.lading.download.Lane;
import org.lading.error.FaultLog;
import org.lading.job.JobScheduler;
import org.lading.store.Database;
import org.lading.store.JdbcChecksumStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The jobs of one node: preparations, and what is repeated. */
record NodeJobs(
    FairQueue queue,
    ExpiredDownloadRemover expiredRemover,
    JdbcChecksumStore checksums,
    Clock clock) {
  private static final Logger log = LoggerFactory.getLogger(NodeJobs.class);

  /**
   * The maximum number of concurrent preparations in each lane, which mostly wait for a store or a
   * disk.
   */
  static final int MAX_PREPARATIONS = 16;

  private static final int MAX_RECURRING_JOBS = 2;
  private static final Duration EXPIRY_PAUSE = Duration.ofSeconds(10);
  private static final Duration FORGETTING_PAUSE = Duration.ofDays(1);
  private static final Duration MAX_UNUSED_CHECKSUM_AGE = Duration.ofDays(90);

  /**
   * Makes the scheduler of the jobs.
   *
   * @param shared the clock that the nodes share
   */
  JobScheduler scheduler(Database database, Clock shared, JobScheduler.Preparation preparation) {
    Thread.UncaughtExceptionHandler failures = (thread, failure) -> untaken(database, failure);
    return new JobScheduler(
        database.dataSource(),
        shared,
        preparation,
        List.of(
            new JobScheduler.RecurringJob("expiry", EXPIRY_PAUSE, this::expire),
            new JobScheduler.RecurringJob("checksums", FORGETTING_PAUSE, this::removeOldChecksums)),
        Map.of(
            Lane.QUICK,
            ThreadPoolFactory.workerThreads("lading-job-", MAX_PREPARATIONS, failures),
            Lane.LONG,
            ThreadPoolFactory.workerThreads("lading-long-job-", MAX_PREPARATIONS, failures)),
        ThreadPoolFactory.workerThreads("lading-upkeep-", MAX_RECURRING_JOBS, failures));
  }

  /** Logs why a thread died that should have taken up a job, unless the database is at fault. */
  private static void untaken(Database database, Throwable failure) {
    if (FaultLog.isTold(failure)) {
      database.noteOutage(failure);
    }
    FaultLog.warn(log, "A job was not taken up, and is tried again", failure);
  }

  private void expire(BooleanSupplier stopping) {
    expiredRemover.removeDue(stopping);
    queue.resubmit();
  }

  private void removeOldChecksums(BooleanSupplier stopping) {
    checksums.forget(clock.instant().minus(MAX_UNUSED_CHECKSUM_AGE), stopping);
  }
}
