package org.lading.job;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.event.AbstractSchedulerListener;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import com.github.kagkarlsson.shaded.jdbc.SQLRuntimeException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.lading.download.PreparationQueue;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs background tasks that all nodes on one database share. One node runs each preparation; one
 * node at a time runs each recurring task; if a node sends no heartbeats, another one takes over
 * its tasks.
 */
public final class JobScheduler implements PreparationQueue, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(JobScheduler.class);

  private static final String PREPARE_TASK = "prepare";
  private static final String PREPARATION_TABLE = "preparation_job";
  private static final String RECURRING_TABLE = "recurring_job";

  private static final Duration POLLING_INTERVAL = Duration.ofSeconds(1);
  private static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(5);

  /** The minimum that db-scheduler allows: a node counts as dead after 20 seconds of silence. */
  private static final int MISSED_HEARTBEATS = 4;

  private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration RETRY_DELAY = Duration.ofSeconds(30);
  private static final Duration MAX_SILENCE = Duration.ofSeconds(30);

  private final Scheduler preparing;

  /**
   * The scheduler of recurring tasks, which has its own threads: preparations may hang for long.
   */
  private final Scheduler recurring;

  private final CustomTask<Void> prepare;
  private final List<ExecutorService> workers;
  private volatile boolean stopping;
  private volatile long lastPoll = System.nanoTime();

  /** Prepares downloads, as {@link org.lading.download.DownloadPreparer#prepare}. */
  @FunctionalInterface
  public interface Preparation {
    /** Returns the time after which to call again, or empty if the download is settled or gone. */
    Optional<Duration> prepare(String id, BooleanSupplier stopping);
  }

  /**
   * A task that runs again and again, on one node at a time.
   *
   * @param name the task's name in the database
   * @param pause the time from the end of one run to the next
   * @param work the task; its argument tells whether this node is about to stop, upon which the
   *     task should return soon
   */
  public record RecurringJob(String name, Duration pause, Consumer<BooleanSupplier> work) {}

  /**
   * The threads of one scheduler, which are closed with it.
   *
   * @param workers the threads that run tasks
   * @param count the number of tasks that may run at once
   * @param poller the thread that looks for due tasks
   * @param housekeeper the thread that sends heartbeats and looks for dead nodes
   */
  public record WorkerThreads(
      ExecutorService workers,
      int count,
      ExecutorService poller,
      ScheduledExecutorService housekeeper) {}

  /**
   * Makes a scheduler on a database, which has the scheduler's tables; {@link #start} starts it.
   *
   * @param preparationThreads the threads that prepare downloads
   * @param recurringThreads the threads that run recurring jobs
   */
  public JobScheduler(
      DataSource database,
      Preparation preparation,
      List<RecurringJob> recurringJobs,
      WorkerThreads preparationThreads,
      WorkerThreads recurringThreads) {
    this.prepare = prepareTask(preparation);
    this.workers = List.of(preparationThreads.workers(), recurringThreads.workers());
    this.preparing =
        configured(Scheduler.create(database, prepare), preparationThreads)
            .tableName(PREPARATION_TABLE)
            .enableImmediateExecution()
            .addSchedulerListener(new PollListener())
            .build();
    this.recurring =
        configured(Scheduler.create(database), recurringThreads)
            .tableName(RECURRING_TABLE)
            .startTasks(recurringJobs.stream().map(this::recurringTask).toList())
            .build();
  }

  private static SchedulerBuilder configured(SchedulerBuilder builder, WorkerThreads threads) {
    return builder
        .threads(threads.count())
        .executorService(threads.workers())
        .dueExecutor(threads.poller())
        .housekeeperExecutor(threads.housekeeper())
        .schedulerName(new SchedulerName.Fixed("lading-" + UUID.randomUUID()))
        .pollingInterval(POLLING_INTERVAL)
        .heartbeatInterval(HEARTBEAT_INTERVAL)
        .missedHeartbeatsLimit(MISSED_HEARTBEATS)
        .shutdownMaxWait(SHUTDOWN_TIMEOUT)
        .commitWhenAutocommitDisabled(true);
  }

  /**
   * Makes the tasks runnable at once that were running when this database was last in use; only for
   * a database that no other node has open. To be called before {@link #start}.
   */
  public static void releaseInterrupted(DataSource database) {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      int taken = 0;
      for (String table : List.of(PREPARATION_TABLE, RECURRING_TABLE)) {
        taken +=
            statement.executeUpdate(
                "update "
                    + table
                    + " set picked = false, picked_by = null, last_heartbeat = null where picked");
      }
      if (!connection.getAutoCommit()) {
        connection.commit();
      }
      if (taken > 0) {
        log.info("{} jobs were interrupted and are taken up again", taken);
      }
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  /** Starts running tasks. */
  public void start() {
    preparing.start();
    recurring.start();
  }

  @Override
  public void submit(String id) {
    try {
      preparing.scheduleIfNotExists(prepare.instance(id), Instant.now());
    } catch (SQLRuntimeException e) {
      throw unavailable(e);
    }
  }

  /** Throws {@code STORAGE_UNAVAILABLE} if the scheduler has not polled for due jobs recently. */
  public void check() {
    Duration silence = Duration.ofNanos(System.nanoTime() - lastPoll);
    if (silence.compareTo(MAX_SILENCE) > 0) {
      throw new LadingException(
          ErrorCode.STORAGE_UNAVAILABLE,
          "No jobs have been looked for in " + silence.toSeconds() + " seconds");
    }
  }

  /** Starts no further task, and tells those that run that this node is about to stop. */
  public void beginToStop() {
    stopping = true;
    preparing.pause();
    recurring.pause();
    workers.forEach(ExecutorService::shutdown);
  }

  /** Waits, after {@link #beginToStop}, until no task is running, or the time is up. */
  public void awaitEnd(Duration time) throws InterruptedException {
    long deadline = System.nanoTime() + time.toNanos();
    for (ExecutorService pool : workers) {
      pool.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    }
  }

  /** Returns the number of tasks that are running on this node. */
  public int running() {
    return preparing.getCurrentlyExecuting().size() + recurring.getCurrentlyExecuting().size();
  }

  /** Stops the threads, interrupting tasks that still run. */
  @Override
  public void close() {
    beginToStop();
    preparing.stop();
    recurring.stop();
  }

  private CustomTask<Void> prepareTask(Preparation preparation) {
    return Tasks.custom(PREPARE_TASK, Void.class)
        .onFailure(new FailureHandler.OnFailureRetryLater<>(RETRY_DELAY))
        .execute(
            (job, context) ->
                preparation
                    .prepare(job.getId(), () -> stopping)
                    .<CompletionHandler<Void>>map(JobScheduler::rescheduled)
                    .orElseGet(CompletionHandler.OnCompleteRemove::new));
  }

  private static CompletionHandler<Void> rescheduled(Duration pause) {
    return (complete, operations) ->
        operations.reschedule(complete, complete.getTimeDone().plus(pause));
  }

  private RecurringTask<Void> recurringTask(RecurringJob recurringJob) {
    return Tasks.recurring(recurringJob.name(), FixedDelay.of(recurringJob.pause()))
        .execute((job, context) -> recurringJob.work().accept(() -> stopping));
  }

  private static LadingException unavailable(Exception e) {
    return new LadingException(ErrorCode.STORAGE_UNAVAILABLE, "The database did not answer", e);
  }

  /** Remembers when the scheduler last polled. */
  private final class PollListener extends AbstractSchedulerListener {
    @Override
    public void onSchedulerEvent(SchedulerEventType type) {
      if (type == SchedulerEventType.RAN_EXECUTE_DUE) {
        lastPoll = System.nanoTime();
      }
    }
  }
}
