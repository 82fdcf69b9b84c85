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
 * Background work that all nodes on one database share. Each preparation is done by one of them,
 * and each recurring task by one at a time; what a node had begun that is not heard of any more is
 * taken up by another.
 */
public final class JobScheduler implements PreparationQueue, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(JobScheduler.class);

  private static final String PREPARE = "prepare";
  private static final String PREPARATIONS = "preparation_job";
  private static final String RECURRING = "recurring_job";

  private static final Duration POLLING = Duration.ofSeconds(1);
  private static final Duration HEARTBEAT = Duration.ofSeconds(5);

  /** The fewest that db-scheduler allows: a node is given up after 20 seconds of silence. */
  private static final int MISSED_HEARTBEATS = 4;

  private static final Duration SHUTDOWN = Duration.ofSeconds(2);
  private static final Duration AFTER_FAULT = Duration.ofSeconds(30);
  private static final Duration MOST_SILENCE = Duration.ofSeconds(30);

  private final Scheduler preparing;

  /** With threads of its own: preparations may hang for long. */
  private final Scheduler recurring;

  private final CustomTask<Void> prepare;
  private final List<ExecutorService> workers;
  private volatile boolean stopping;
  private volatile long polled = System.nanoTime();

  /** How a download is prepared: as {@link org.lading.download.DownloadPreparer#prepare}. */
  @FunctionalInterface
  public interface Preparation {
    /** After which time to call again, or empty if nothing is left to do. */
    Optional<Duration> prepare(String id, BooleanSupplier stopping);
  }

  /**
   * Work that is done again and again, by one node at a time.
   *
   * @param name what the database calls it
   * @param pause from its end to the next time
   * @param work is told whether this node is about to stop, and should then come back
   */
  public record Recurring(String name, Duration pause, Consumer<BooleanSupplier> work) {}

  /**
   * The threads that work: each pool is closed with the jobs.
   *
   * @param workers do the work, as many at once as {@code count} says
   * @param count how many
   * @param poller looks for work
   * @param housekeeper sends heartbeats and looks for dead nodes
   */
  public record WorkerThreads(
      ExecutorService workers,
      int count,
      ExecutorService poller,
      ScheduledExecutorService housekeeper) {}

  /**
   * Work on the given database, which has the scheduler's tables; begins with {@link #start}.
   *
   * @param forPreparing threads that prepare downloads
   * @param forRecurring threads for the rest
   */
  public JobScheduler(
      DataSource database,
      Preparation preparation,
      List<Recurring> again,
      WorkerThreads forPreparing,
      WorkerThreads forRecurring) {
    this.prepare = prepareTask(preparation);
    this.workers = List.of(forPreparing.workers(), forRecurring.workers());
    this.preparing =
        configured(Scheduler.create(database, prepare), forPreparing)
            .tableName(PREPARATIONS)
            .enableImmediateExecution()
            .addSchedulerListener(new Watch())
            .build();
    this.recurring =
        configured(Scheduler.create(database), forRecurring)
            .tableName(RECURRING)
            .startTasks(again.stream().map(this::recurringTask).toList())
            .build();
  }

  private static SchedulerBuilder configured(SchedulerBuilder builder, WorkerThreads threads) {
    return builder
        .threads(threads.count())
        .executorService(threads.workers())
        .dueExecutor(threads.poller())
        .housekeeperExecutor(threads.housekeeper())
        .schedulerName(new SchedulerName.Fixed("lading-" + UUID.randomUUID()))
        .pollingInterval(POLLING)
        .heartbeatInterval(HEARTBEAT)
        .missedHeartbeatsLimit(MISSED_HEARTBEATS)
        .shutdownMaxWait(SHUTDOWN)
        .commitWhenAutocommitDisabled(true);
  }

  /**
   * Takes back at once what was running when this database was last in use; only for one that no
   * other node has open. To be called before {@link #start}.
   */
  public static void takeBack(DataSource database) {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      int taken = 0;
      for (String table : List.of(PREPARATIONS, RECURRING)) {
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

  /** Begins to work. */
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

  /** Returns if jobs are looked for, else throws {@code STORAGE_UNAVAILABLE}. */
  public void check() {
    Duration silence = Duration.ofNanos(System.nanoTime() - polled);
    if (silence.compareTo(MOST_SILENCE) > 0) {
      throw new LadingException(
          ErrorCode.STORAGE_UNAVAILABLE,
          "No jobs have been looked for in " + silence.toSeconds() + " seconds");
    }
  }

  /** Begins nothing new, and asks what is running to come to an end or be left to others. */
  public void beginToStop() {
    stopping = true;
    preparing.pause();
    recurring.pause();
    workers.forEach(ExecutorService::shutdown);
  }

  /** After {@link #beginToStop}: returns when nothing is running any more, or the time is up. */
  public void awaitEnd(Duration time) throws InterruptedException {
    long deadline = System.nanoTime() + time.toNanos();
    for (ExecutorService pool : workers) {
      pool.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    }
  }

  /** How many jobs are running on this node. */
  public int running() {
    return preparing.getCurrentlyExecuting().size() + recurring.getCurrentlyExecuting().size();
  }

  /** Ends the threads; what still runs is interrupted. */
  @Override
  public void close() {
    beginToStop();
    preparing.stop();
    recurring.stop();
  }

  private CustomTask<Void> prepareTask(Preparation preparation) {
    return Tasks.custom(PREPARE, Void.class)
        .onFailure(new FailureHandler.OnFailureRetryLater<>(AFTER_FAULT))
        .execute(
            (job, context) ->
                preparation
                    .prepare(job.getId(), () -> stopping)
                    .<CompletionHandler<Void>>map(JobScheduler::again)
                    .orElseGet(CompletionHandler.OnCompleteRemove::new));
  }

  private static CompletionHandler<Void> again(Duration pause) {
    return (complete, operations) ->
        operations.reschedule(complete, complete.getTimeDone().plus(pause));
  }

  private RecurringTask<Void> recurringTask(Recurring recurring) {
    return Tasks.recurring(recurring.name(), FixedDelay.of(recurring.pause()))
        .execute((job, context) -> recurring.work().accept(() -> stopping));
  }

  private static LadingException unavailable(Exception e) {
    return new LadingException(ErrorCode.STORAGE_UNAVAILABLE, "The database did not answer", e);
  }

  /** Sees that the scheduler is alive. */
  private final class Watch extends AbstractSchedulerListener {
    @Override
    public void onSchedulerEvent(SchedulerEventType type) {
      if (type == SchedulerEventType.RAN_EXECUTE_DUE) {
        polled = System.nanoTime();
      }
    }
  }
}
