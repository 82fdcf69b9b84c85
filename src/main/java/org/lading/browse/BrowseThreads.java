package org.lading.browse;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.lading.base.Abandonable;
import org.lading.base.LogContext;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/** Reads directories on threads of a pool, since a container's thread could not be replaced. */
public final class BrowseThreads {
  /** The maximum number of pages that are made or wait for that. */
  private static final int MAX_PAGES = 500;

  private final Executor threads;
  private final AtomicInteger pages = new AtomicInteger();

  /**
   * Takes the threads.
   *
   * @param threads its tasks may block
   */
  public BrowseThreads(Executor threads) {
    this.threads = threads;
  }

  /** Makes something on a thread of the pool; fails with {@code BUSY} if too many wait. */
  <T> CompletableFuture<T> run(Supplier<T> work) {
    Task<T> task = new Task<>(work);
    if (pages.incrementAndGet() > MAX_PAGES) {
      pages.decrementAndGet();
      throw new LadingException(ErrorCode.BUSY, "Too many directories are being read");
    }
    var unused = task.result.whenComplete((result, failure) -> pages.decrementAndGet());
    try {
      threads.execute(task);
    } catch (RejectedExecutionException e) {
      task.abandon(new LadingException(ErrorCode.STORAGE_UNAVAILABLE, "This application stops", e));
    }
    return task.result;
  }

  private static final class Task<T> implements Runnable, Abandonable {
    private final Supplier<T> work;
    private final CompletableFuture<T> result = new CompletableFuture<>();

    Task(Supplier<T> work) {
      this.work = work;
    }

    @Override
    public void run() {
      try {
        result.complete(LogContext.during("Browse", work));
      } catch (RuntimeException | Error e) {
        result.completeExceptionally(e);
      }
    }

    @Override
    public void abandon(RuntimeException reason) {
      result.completeExceptionally(reason);
    }
  }
}
