package org.lading.archive;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.lading.base.Abandonable;
import org.lading.base.LogContext;
import org.lading.error.LadingException;

/**
 * Bounds the bytes that all archives together hold in memory, and reads sources before their turn
 * within that bound: the more archives are sent at once, the fewer bytes are prefetched for each.
 */
public final class PrefetchBudget {
  private static final int BYTES_PER_PERMIT = 1024;

  private final Executor threads;
  private final Semaphore free;

  /**
   * Makes a budget.
   *
   * @param threads has the threads that read sources
   * @param bytes the maximum number of bytes that are held
   */
  public PrefetchBudget(Executor threads, long bytes) {
    this.threads = threads;
    this.free = new Semaphore(Math.toIntExact(bytes / BYTES_PER_PERMIT));
  }

  /**
   * Begins to read on another thread; returns null if {@code size} bytes are not free in the
   * budget.
   */
  <T> @Nullable Reading<T> begin(int size, Callable<T> read) {
    Reading<T> reading = reserve(size, read);
    if (reading != null) {
      try {
        threads.execute(reading.task);
      } catch (RejectedExecutionException e) {
        reading.release();
        return null;
      } catch (Error e) {
        // No thread can be made.
        reading.release();
        throw e;
      }
    }
    return reading;
  }

  /**
   * Reserves {@code size} bytes for a read that runs when it is awaited; returns null if they are
   * not free.
   */
  <T> @Nullable Reading<T> reserve(int size, Callable<T> read) {
    int permits = size / BYTES_PER_PERMIT + 1;
    return free.tryAcquire(permits) ? new Reading<>(read, permits) : null;
  }

  /** A read that fails at once when its thread is stuck, for the thread that waits for it. */
  private static final class ReadTask<T> extends FutureTask<T> implements Abandonable {
    ReadTask(Callable<T> read) {
      super(read);
    }

    @Override
    public void abandon(RuntimeException reason) {
      setException(reason);
    }
  }

  /** A read, and the bytes of the budget that are reserved for it. For one thread. */
  final class Reading<T> {
    private final ReadTask<T> task;
    private final int permits;

    /**
     * The number of holders of the reservation: the owner of this read, and the thread that reads.
     */
    private int users = 1;

    private boolean isReleased;

    private Reading(Callable<T> read, int permits) {
      this.permits = permits;
      this.task = new ReadTask<>(LogContext.carried(() -> call(read)));
    }

    /** Reads; the reservation stays meanwhile, since not every read can be interrupted. */
    private T call(Callable<T> read) throws Exception {
      synchronized (this) {
        if (users == 0) {
          throw new CancellationException();
        }
        users++;
      }
      try {
        return read.call();
      } finally {
        leaveRoom();
      }
    }

    private synchronized void leaveRoom() {
      users--;
      if (users == 0) {
        free.release(permits);
      }
    }

    /** Waits for the bytes, and returns them; throws if they could not be read. */
    T await() throws IOException {
      // Runs only if no thread has begun: all threads may be waiting for a store that hangs.
      task.run();
      try {
        return task.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      } catch (CancellationException e) {
        throw new IOException("the reading was cancelled", e);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof LadingException failure) {
          throw failure;
        }
        throw new IOException("a file could not be prefetched", e.getCause());
      }
    }

    /**
     * Cancels the read if it is not done; its reservation ends when no thread reads. Further calls
     * do nothing.
     */
    void release() {
      if (!isReleased) {
        isReleased = true;
        task.cancel(true);
        leaveRoom();
      }
    }
  }
}
