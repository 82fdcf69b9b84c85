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
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.lading.download.Lane;
import org.lading.download.PreparationQueue;
import org.lading.error.ErrorCode;
import org.lading.error.FaultLog;
import org.lading.error.LadingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs background tasks that all nodes on one database share. One node runs each preparation; one
 * node at a time runs each recurring task; if a node sends no heartbeats, another one takes over
 * its tasks. Each lane of preparations has a scheduler with threads of its own, and so have the
 * recurring tasks: preparations may hang for long.
 */
public final class JobScheduler implements PreparationQueue, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(JobScheduler.class);

  private static final String PREPARE_TASK = "prepare";
  private static final Map<Lane, String> PREPARATION_TABLES =
      Map.of(Lane.QUICK, "preparation_job", Lane.LONG, "long_preparation_job");
  private static final String RECURRING_TABLE = "recurring_job";

  private static final Duration POLLING_INTERVAL = Duration.ofSeconds(1);
  private static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(5);

  /** The minimum that db-scheduler allows: a node counts as dead after 20 seconds of silence. */
  private static final int MISSED_HEARTBEATS = 4;

  private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration RETRY_DELAY = Duration.ofSeconds(30);
  private static final Duration MAX_SILENCE = Duration.ofSeconds(30);

  private final Map<Lane, PreparationLane> lanes = new EnumMap<>(Lane.class);
  private final Scheduler recurring;
  private final List<ExecutorService> workers;
  private volatile boolean stopping;

  /** Prepares downloads, as {@link org.lading.download.DownloadPreparer#prepare}. */
  @FunctionalInterface
  public interface Preparation {
    /** Returns the time after which to call again, or empty if the download is settled or gone. */
    Optional<Duration> prepare(String id, Lane lane, BooleanSupplier stopping);
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
   * @param clock the clock that the nodes share
   * @param preparationThreads the threads of each lane that prepare downloads
   * @param recurringThreads the threads that run recurring jobs
   */
  public JobScheduler(
      DataSource database,
      Clock clock,
      Preparation preparation,
      List<RecurringJob> recurringJobs,
      Map<Lane, WorkerThreads> preparationThreads,
      WorkerThreads recurringThreads) {
    this.workers =
        Stream.concat(preparationThreads.values().stream(), Stream.of(recurringThreads))
            .map(WorkerThreads::workers)
            .toList();
    preparationThreads.forEach(
        (lane, threads) ->
            lanes.put(lane, new PreparationLane(database, clock, lane, preparation, threads)));
    this.recurring =
        configured(Scheduler.create(database), clock, recurringThreads)
            .tableName(RECURRING_TABLE)
            .startTasks(recurringJobs.stream().map(this::recurringTask).toList())
            .build();
  }

  private static SchedulerBuilder configured(
      SchedulerBuilder builder, Clock clock, WorkerThreads threads) {
    return builder
        .clock(clock::instant)
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
      List<String> tables = new ArrayList<>(PREPARATION_TABLES.values());
      tables.add(RECURRING_TABLE);
      for (String table : tables) {
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
    lanes.values().forEach(lane -> lane.scheduler.start());
    recurring.start();
  }

  @Override
  public void submit(String id, Lane lane) {
    try {
      lane(lane).submit(id);
    } catch (SQLRuntimeException e) {
      throw unavailable(e);
    }
  }

  /** Throws {@code STORAGE_UNAVAILABLE} if the scheduler has not polled for due jobs recently. */
  public void check() {
    for (PreparationLane lane : lanes.values()) {
      Duration silence = Duration.ofNanos(System.nanoTime() - lane.lastPoll);
      if (silence.compareTo(MAX_SILENCE) > 0) {
        throw new LadingException(
            ErrorCode.STORAGE_UNAVAILABLE,
            "No jobs have been looked for in " + silence.toSeconds() + " seconds");
      }
    }
  }

  /** Starts no further task, for another scheduler to do so; those that run go on to their end. */
  public void retire() {
    lanes.values().forEach(lane -> lane.scheduler.pause());
    recurring.pause();
  }

  /** Starts no further task, and tells those that run that this node is about to stop. */
  public void beginToStop() {
    stopping = true;
    retire();
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
    return lanes.keySet().stream().mapToInt(this::running).sum()
        + recurring.getCurrentlyExecuting().size();
  }

  /** Returns the number of preparations that are running in a lane of this node. */
  public int running(Lane lane) {
    return lane(lane).scheduler.getCurrentlyExecuting().size();
  }

  /** Returns the ids of the downloads that are being prepared on this node. */
  public List<String> preparing() {
    return lanes.values().stream()
        .flatMap(lane -> lane.scheduler.getCurrentlyExecuting().stream())
        .map(running -> running.getTaskInstance().getId())
        .toList();
  }

  private PreparationLane lane(Lane lane) {
    return Objects.requireNonNull(lanes.get(lane));
  }

  /** Stops the threads, interrupting tasks that still run. */
  @Override
  public void close() {
    beginToStop();
    lanes.values().forEach(lane -> lane.scheduler.stop());
    recurring.stop();
  }

  private static CompletionHandler<Void> rescheduled(Duration pause) {
    return (complete, operations) ->
        operations.reschedule(complete, complete.getTimeDone().plus(pause));
  }

  private RecurringTask<Void> recurringTask(RecurringJob recurringJob) {
    return Tasks.recurring(recurringJob.name(), FixedDelay.of(recurringJob.pause()))
        .execute((job, context) -> runUpkeep(recurringJob));
  }

  private void runUpkeep(RecurringJob upkeep) {
    try {
      upkeep.work().accept(() -> stopping);
    } catch (RuntimeException e) {
      FaultLog.warn(log, "The upkeep '%s' failed, and is repeated".formatted(upkeep.name()), e);
    }
  }

  private static LadingException unavailable(Exception e) {
    return new LadingException(ErrorCode.STORAGE_UNAVAILABLE, "The database did not answer", e);
  }

  /** The scheduler of one lane, which remembers when it last polled. */
  private final class PreparationLane extends AbstractSchedulerListener {
    final Scheduler scheduler;
    volatile long lastPoll = System.nanoTime();
    private final Clock clock;
    private final CustomTask<Void> task;

    PreparationLane(
        DataSource database,
        Clock clock,
        Lane lane,
        Preparation preparation,
        WorkerThreads threads) {
      this.clock = clock;
      this.task =
          Tasks.custom(PREPARE_TASK, Void.class)
              .onFailure(new FailureHandler.OnFailureRetryLater<>(RETRY_DELAY))
              .execute(
                  (job, context) ->
                      preparation
                          .prepare(job.getId(), lane, () -> stopping)
                          .<CompletionHandler<Void>>map(JobScheduler::rescheduled)
                          .orElseGet(CompletionHandler.OnCompleteRemove::new));
      this.scheduler =
          configured(Scheduler.create(database, task), clock, threads)
              .tableName(Objects.requireNonNull(PREPARATION_TABLES.get(lane)))
              .enableImmediateExecution()
              .addSchedulerListener(this)
              .build();
    }

    void submit(String id) {
      scheduler.scheduleIfNotExists(task.instance(id), clock.instant());
    }

    @Override
    public void onSchedulerEvent(SchedulerEventType type) {
      if (type == SchedulerEventType.RAN_EXECUTE_DUE) {
        lastPoll = System.nanoTime();
      }
    }
  }
}
