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
import org.lading.base.LogContext;
import org.lading.error.LadingException;

/**
 * Reads sources into memory before their turn, within one bound for all archives together: the more
 * archives are sent at once, the fewer bytes are prefetched for each.
 */
public final class PrefetchBudget {
  private static final int BYTES_PER_PERMIT = 1024;

  private final Executor threads;
  private final Semaphore free;

  /**
   * Makes a budget.
   *
   * @param threads read sources
   * @param bytes the maximum number of bytes that are held
   */
  public PrefetchBudget(Executor threads, long bytes) {
    this.threads = threads;
    this.free = new Semaphore(Math.toIntExact(bytes / BYTES_PER_PERMIT));
  }

  /** Begins to read; null if there is no room. */
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

  /** Reserves room for bytes that are read when they are awaited; null if there is no room. */
  <T> @Nullable Reading<T> reserve(int size, Callable<T> read) {
    int permits = size / BYTES_PER_PERMIT + 1;
    return free.tryAcquire(permits) ? new Reading<>(read, permits) : null;
  }

  /** The reading of bytes, with the room that is reserved for them. For one thread. */
  final class Reading<T> {
    private final FutureTask<T> task;
    private final int permits;

    /** The number of users of the room: the owner of this reading, and the thread that reads. */
    private int users = 1;

    private boolean isReleased;

    private Reading(Callable<T> read, int permits) {
      this.permits = permits;
      this.task = new FutureTask<>(LogContext.carried(() -> call(read)));
    }

    /** Reads; the room stays reserved meanwhile, since not every read can be interrupted. */
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

    /** Frees the room, and cancels the reading if it is not done; further calls do nothing. */
    void release() {
      if (!isReleased) {
        isReleased = true;
        task.cancel(true);
        leaveRoom();
      }
    }
  }
}
