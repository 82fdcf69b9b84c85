package org.lading.app;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.lading.download.ExpiredDownloadRemover;
import org.lading.download.FairQueue;
import org.lading.download.Lane;
import org.lading.job.JobScheduler;
import org.lading.store.JdbcChecksumStore;

/** The jobs of one node: preparations, and what is repeated. */
record NodeJobs(
    FairQueue queue,
    ExpiredDownloadRemover expiredRemover,
    JdbcChecksumStore checksums,
    Clock clock) {
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
  JobScheduler scheduler(DataSource database, Clock shared, JobScheduler.Preparation preparation) {
    return new JobScheduler(
        database,
        shared,
        preparation,
        List.of(
            new JobScheduler.RecurringJob("expiry", EXPIRY_PAUSE, this::expire),
            new JobScheduler.RecurringJob("checksums", FORGETTING_PAUSE, this::removeOldChecksums)),
        Map.of(
            Lane.QUICK,
            ThreadPoolFactory.workerThreads("lading-job-", MAX_PREPARATIONS),
            Lane.LONG,
            ThreadPoolFactory.workerThreads("lading-long-job-", MAX_PREPARATIONS)),
        ThreadPoolFactory.workerThreads("lading-upkeep-", MAX_RECURRING_JOBS));
  }

  private void expire(BooleanSupplier stopping) {
    expiredRemover.removeDue(stopping);
    queue.resubmit();
  }

  private void removeOldChecksums(BooleanSupplier stopping) {
    checksums.forget(clock.instant().minus(MAX_UNUSED_CHECKSUM_AGE), stopping);
  }
}
