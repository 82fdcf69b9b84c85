package org.lading.app;

import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.lading.job.JobScheduler;
import org.lading.root.watch.WatchedPool;
import org.lading.root.watch.WatchedThread;

/** Makes pools of daemon threads, which end when they have been idle for 10 seconds. */
final class ThreadPoolFactory {
  private static final int IDLE_SECONDS = 10;

  private ThreadPoolFactory() {}

  /**
   * Makes a pool that gives a task to an idle thread, else to a new one; a task waits only while
   * {@code maxThreads} threads are busy.
   */
  static ThreadPoolExecutor growing(String name, int maxThreads) {
    return growing(name, maxThreads, Math.max(1, maxThreads / 2));
  }

  /**
   * As above.
   *
   * @param share the number of threads that may wait for one root that answers nobody
   */
  static ThreadPoolExecutor growing(String name, int maxThreads, int share) {
    return new StepPool(
        name,
        maxThreads,
        share,
        (task, pool) -> {
          if (pool.isShutdown()) {
            throw new RejectedExecutionException("the application stops");
          }
          ((HandoverQueue) pool.getQueue()).put(task);
        });
  }

  /**
   * Makes a pool that drops a task while {@code maxThreads} threads are busy and {@code maxThreads}
   * tasks wait; for tasks that are submitted again later.
   */
  static ThreadPoolExecutor dropping(String name, int maxThreads) {
    return new StepPool(
        name,
        maxThreads,
        maxThreads,
        (task, pool) -> {
          HandoverQueue queue = (HandoverQueue) pool.getQueue();
          if (!pool.isShutdown() && queue.size() < maxThreads) {
            queue.put(task);
          }
        });
  }

  /**
   * Makes the threads of a scheduler that runs at most {@code count} jobs at once.
   *
   * @param failures takes what a thread dies of, as when the database does not give it a job
   */
  static JobScheduler.WorkerThreads workerThreads(
      String name, int count, Thread.UncaughtExceptionHandler failures) {
    ThreadPoolExecutor workers = dropping(name, count);
    ThreadFactory factory = workers.getThreadFactory();
    workers.setThreadFactory(
        task -> {
          Thread thread = factory.newThread(task);
          thread.setUncaughtExceptionHandler(failures);
          return thread;
        });
    return new JobScheduler.WorkerThreads(
        workers, count, growing(name + "due-", 1), scheduling(name + "alive-", 2));
  }

  /** Makes a pool for tasks that are due at given times. */
  static ScheduledThreadPoolExecutor scheduling(String name, int threadCount) {
    ScheduledThreadPoolExecutor threads = new ScheduledThreadPoolExecutor(threadCount, named(name));
    threads.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
    threads.allowCoreThreadTimeOut(true);
    // A shutdown does not wait for tasks that are due later; their owner does that work itself if
    // it must be done.
    threads.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    return threads;
  }

  private static ThreadFactory named(String name) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /**
   * A pool whose threads are watched while they wait for roots, and replaced when they are stuck.
   */
  static final class StepPool extends ThreadPoolExecutor implements WatchedPool {
    private final int maxThreads;
    private final int share;

    StepPool(String name, int maxThreads, int share, RejectedExecutionHandler whenAllAreBusy) {
      super(0, maxThreads, IDLE_SECONDS, TimeUnit.SECONDS, new HandoverQueue(), whenAllAreBusy);
      this.maxThreads = maxThreads;
      this.share = share;
      AtomicInteger number = new AtomicInteger();
      setThreadFactory(work -> new WatchedThread(this, work, name + number.incrementAndGet()));
    }

    @Override
    public int share() {
      return share;
    }

    @Override
    public void addThread() {
      synchronized (this) {
        setMaximumPoolSize(getMaximumPoolSize() + 1);
      }
      if (!getQueue().isEmpty() && !isShutdown()) {
        // Only a new task makes the pool start a thread for those that wait.
        execute(() -> {});
      }
    }

    @Override
    public synchronized void removeThread() {
      setMaximumPoolSize(getMaximumPoolSize() - 1);
    }

    /** Returns whether it was shut down, and has no threads but those that are stuck. */
    boolean isOver() {
      int stuck = getMaximumPoolSize() - maxThreads;
      return isTerminated() || (isShutdown() && getQueue().isEmpty() && getPoolSize() <= stuck);
    }

    @Override
    protected void beforeExecute(Thread thread, Runnable task) {
      ((WatchedThread) thread).beginTask(task);
    }

    @Override
    protected void afterExecute(Runnable task, @Nullable Throwable failure) {
      ((WatchedThread) Thread.currentThread()).endTask();
    }
  }

  /** A queue that claims to be full unless a thread waits, so that the pool makes a new thread. */
  private static final class HandoverQueue extends LinkedTransferQueue<Runnable> {
    private static final long serialVersionUID = 1L;

    @Override
    public boolean offer(Runnable task) {
      return tryTransfer(task);
    }
  }
}
