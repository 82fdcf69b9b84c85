package org.lading.download;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.lading.base.Abandonable;
import org.lading.base.LogContext;

/**
 * The making of the entries of one attempt, on a thread that may get stuck: the thread that waits
 * for the result is free when the attempt is abandoned.
 */
final class AttemptTask extends FutureTask<Download.Totals> implements Abandonable {
  AttemptTask(Callable<Download.Totals> work) {
    super(LogContext.carried(work));
  }

  @Override
  public void abandon(RuntimeException reason) {
    setException(reason);
  }

  /**
   * Runs on a thread of the executor, and waits for the result; throws what the work throws.
   *
   * @param maxTime the maximum time to wait, for work that does not notice itself that it is late
   * @param late makes what is thrown after that time
   */
  Download.Totals runOn(
      Executor threads, Duration maxTime, Supplier<? extends RuntimeException> late) {
    try {
      threads.execute(this);
      return get(maxTime.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw late.get();
    } catch (RejectedExecutionException e) {
      throw new AttemptEndedException("this node stops");
    } catch (InterruptedException e) {
      // This node stops. The flag stays clear: the end of the attempt is still to be stored.
      cancel(true);
      throw new AttemptEndedException("this node stops");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
