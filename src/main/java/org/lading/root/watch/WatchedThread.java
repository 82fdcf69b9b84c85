package org.lading.root.watch;

/** A daemon thread of a pool, whose steps on roots are watched. */
public final class WatchedThread extends Thread {
  private final ThreadSteps steps;

  /** Makes a thread of a pool. */
  public WatchedThread(WatchedPool pool, Runnable work, String name) {
    super(work, name);
    this.steps = new ThreadSteps(this, pool);
    setDaemon(true);
  }

  /** Notes the task that the thread is about to run, which is abandoned if it gets stuck. */
  public void beginTask(Runnable task) {
    steps.beginTask(task);
  }

  /** Notes that the thread has run its task. */
  public void endTask() {
    steps.endTask();
  }

  /**
   * Notes that a step of this thread goes on, where one step has many parts: the names of a large
   * directory, say. Costs nothing on a thread that is not watched.
   */
  public static void progress() {
    if (Thread.currentThread() instanceof WatchedThread thread) {
      thread.steps.progress();
    }
  }

  ThreadSteps steps() {
    return steps;
  }
}
