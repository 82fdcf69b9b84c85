package org.lading.app;

import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Pools of daemon threads that end when they have had nothing to do for a while. */
final class ThreadPools {
  private static final int IDLE_SECONDS = 10;

  private ThreadPools() {}

  /**
   * A pool that takes an idle thread where there is one, else a new one, and lets work wait only
   * when it has so many: a few threads do while nothing has to be waited for, and many may wait.
   */
  static ThreadPoolExecutor growing(String name, int most) {
    return pool(
        name,
        most,
        (work, pool) -> {
          if (pool.isShutdown()) {
            throw new RejectedExecutionException("the application ends");
          }
          ((Handover) pool.getQueue()).put(work);
        });
  }

  /**
   * A pool that forgets what comes while every thread is at work and as much waits already; for
   * those who come again.
   */
  static ThreadPoolExecutor dropping(String name, int most) {
    return pool(
        name,
        most,
        (work, pool) -> {
          Handover queue = (Handover) pool.getQueue();
          if (!pool.isShutdown() && queue.size() < most) {
            queue.put(work);
          }
        });
  }

  private static ThreadPoolExecutor pool(
      String name, int most, RejectedExecutionHandler whenAllAreBusy) {
    return new ThreadPoolExecutor(
        0, most, IDLE_SECONDS, TimeUnit.SECONDS, new Handover(), named(name), whenAllAreBusy);
  }

  /** Threads for work that is due at some time. */
  static ScheduledThreadPoolExecutor scheduling(String name, int most) {
    ScheduledThreadPoolExecutor threads = new ScheduledThreadPoolExecutor(most, named(name));
    threads.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  private static ThreadFactory named(String name) {
    AtomicInteger number = new AtomicInteger();
    return work -> {
      Thread thread = new Thread(work, name + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Says that it is full unless a thread waits, upon which the pool makes another thread. */
  private static final class Handover extends LinkedTransferQueue<Runnable> {
    private static final long serialVersionUID = 1L;

    @Override
    public boolean offer(Runnable work) {
      return tryTransfer(work);
    }
  }
}
