package org.lading.estimate;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.lading.base.Abandonable;

/** The making of one estimate, on a thread that may get stuck: who waits is told at once then. */
final class EstimateTask implements Runnable, Abandonable {
  private final CompletableFuture<Estimate> result;
  private final Supplier<Estimate> work;
  private final Runnable after;

  /**
   * Makes a task.
   *
   * @param result gets the result; nothing is done if it is complete before
   * @param after runs after the work, however that ends, on the thread that does the work
   */
  EstimateTask(CompletableFuture<Estimate> result, Supplier<Estimate> work, Runnable after) {
    this.result = result;
    this.work = work;
    this.after = after;
  }

  @Override
  public void run() {
    try {
      if (!result.isDone()) {
        result.complete(work.get());
      }
    } catch (RuntimeException | Error e) {
      result.completeExceptionally(e);
    } finally {
      after.run();
    }
  }

  @Override
  public void abandon(RuntimeException reason) {
    result.completeExceptionally(reason);
  }
}
