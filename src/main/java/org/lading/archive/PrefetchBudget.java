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
 * Holds bytes of sources in memory, most of them read before their turn comes, for all archives
 * together: within one bound, so that many archives at once read less far ahead each, and never too
 * much.
 */
public final class PrefetchBudget {
  private static final int KIB = 1024;

  private final Executor threads;
  private final Semaphore free;

  /**
   * Reads on the given threads.
   *
   * @param bytes the most bytes that are held
   */
  public PrefetchBudget(Executor threads, long bytes) {
    this.threads = threads;
    this.free = new Semaphore(Math.toIntExact(bytes / KIB));
  }

  /** Begins to read; null if there is no room, and the bytes are read when their turn comes. */
  <T> @Nullable Reading<T> begin(int size, Callable<T> read) {
    Reading<T> reading = hold(size, read);
    if (reading != null) {
      try {
        threads.execute(reading.task);
      } catch (RejectedExecutionException e) {
        reading.end();
        return null;
      } catch (Error e) {
        // No thread can be made.
        reading.end();
        throw e;
      }
    }
    return reading;
  }

  /** Has room for bytes that are read only when they are waited for; null if there is none. */
  <T> @Nullable Reading<T> hold(int size, Callable<T> read) {
    int room = size / KIB + 1;
    return free.tryAcquire(room) ? new Reading<>(read, room) : null;
  }

  /** Bytes with their room, until they are not needed any more. For one thread. */
  final class Reading<T> {
    private final FutureTask<T> task;
    private final int room;

    /** Who has the room: whoever waits for the bytes, and the thread that reads them. */
    private int holders = 1;

    private boolean ended;

    private Reading(Callable<T> read, int room) {
      this.room = room;
      this.task = new FutureTask<>(LogContext.carried(() -> holding(read)));
    }

    /** A thread that waits for a store does not always heed that its reading was given up. */
    private T holding(Callable<T> read) throws Exception {
      synchronized (this) {
        if (holders == 0) {
          throw new CancellationException();
        }
        holders++;
      }
      try {
        return read.call();
      } finally {
        leave();
      }
    }

    private synchronized void leave() {
      holders--;
      if (holders == 0) {
        free.release(room);
      }
    }

    /** The bytes; what kept them from being read is thrown. */
    T await() throws IOException {
      // Read here and now if no thread was free for it: those may all wait for a store that hangs.
      task.run();
      try {
        return task.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      } catch (CancellationException e) {
        throw new IOException("the reading was given up", e);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof LadingException failure) {
          throw failure;
        }
        throw new IOException("a file could not be read ahead", e.getCause());
      }
    }

    /** Frees the room, and stops the reading if it is not done; nothing happens the second time. */
    void end() {
      if (!ended) {
        ended = true;
        task.cancel(true);
        leave();
      }
    }
  }
}
