package org.lading.metrics;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.lading.base.Abandonable;

/**
 * A value for gauges whose source may block, such as a database or a store. The source is read on a
 * thread of its own when somebody asks and the value is no longer fresh, one call at a time, so
 * that neither the number of those who ask nor a source that hangs costs more than one thread. Safe
 * for several threads.
 */
public final class Reading<T> {
  private final Supplier<T> source;
  private final T whenFailing;
  private final Executor executor;
  private final LongSupplier nanoTime;
  private final Times times;
  private @Nullable Run latest;
  private volatile @Nullable Value<T> value;

  /**
   * The times of a reading.
   *
   * @param fresh the time from the beginning of one call to the earliest beginning of the next one
   * @param waited the time that those who ask wait at most for a call, from its beginning
   * @param kept the time after which a value counts no more, if no newer one has come
   */
  public record Times(Duration fresh, Duration waited, Duration kept) {}

  /** A value, and the {@code nanoTime} at which the call that gave it began. */
  private static final class Value<T> {
    private final T value;
    private final long began;

    private Value(T value, long began) {
      this.value = value;
      this.began = began;
    }
  }

  /**
   * Makes a reading.
   *
   * @param source gives a value, or throws
   * @param whenFailing the value when it throws or is given up
   * @param executor runs the source
   * @param nanoTime gives times in nanoseconds, as {@link System#nanoTime}
   */
  public Reading(
      Supplier<T> source, T whenFailing, Executor executor, LongSupplier nanoTime, Times times) {
    this.source = source;
    this.whenFailing = whenFailing;
    this.executor = executor;
    this.nanoTime = nanoTime;
    this.times = times;
  }

  /** Returns the latest value, or null if there is none that counts. */
  public @Nullable T get() {
    Run run = current();
    try {
      long left = run.began + times.waited.toNanos() - nanoTime.getAsLong();
      run.over.get(Math.max(0, left), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      // What there is counts for a while; what is wrong with the source, its own log tells.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Value<T> latestValue = value;
    return latestValue == null || nanoTime.getAsLong() - latestValue.began > times.kept.toNanos()
        ? null
        : latestValue.value;
  }

  private synchronized Run current() {
    long now = nanoTime.getAsLong();
    Run run = latest;
    if (run == null || (run.over.isDone() && now - run.began >= times.fresh.toNanos())) {
      run = new Run(now);
      latest = run;
      try {
        executor.execute(run);
      } catch (RejectedExecutionException e) {
        run.abandon(e);
      }
    }
    return run;
  }

  /** One call of the source, which counts as over when its thread is given up. */
  private final class Run implements Runnable, Abandonable {
    private final long began;
    private final CompletableFuture<Boolean> over = new CompletableFuture<>();

    private Run(long began) {
      this.began = began;
    }

    @Override
    public void run() {
      try {
        value = new Value<>(source.get(), began);
        over.complete(true);
      } catch (RuntimeException | Error e) {
        fail(e);
      }
    }

    @Override
    public void abandon(RuntimeException reason) {
      fail(reason);
    }

    private void fail(Throwable reason) {
      value = new Value<>(whenFailing, began);
      over.completeExceptionally(reason);
    }
  }
}
