package org.lading.download;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
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

  /** Runs on a thread of the executor, and waits for the result; throws what the work throws. */
  Download.Totals runOn(Executor threads) {
    try {
      threads.execute(this);
      return get();
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
