package org.lading.root.watch;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The step on a root that one thread is in. Its thread writes it, and {@link RootWatch} reads it: a
 * beginning and an end are one atomic write each, without a lock or a clock.
 *
 * <p><b>Invariant.</b> The count is odd while the thread is in a step. It is either the thread that
 * ends a step or the watch that gives it up, whoever increments the count first; so a thread whose
 * step was given up finds out before it does anything else, and throws.
 */
final class ThreadSteps {
  private final Thread thread;
  private final @Nullable WatchedPool pool;
  private final AtomicLong count = new AtomicLong();

  // Written by the thread before it increments the count.
  private @Nullable WatchedRootState root;
  private String step = "";
  private @Nullable Runnable task;

  private @Nullable RootWatch seenBy;

  /** The number of calls of roots that the thread is in, one within the other. */
  private int depth;

  /** Whether a step of the task was given up, so that the task must not begin another one. */
  private boolean isTaskAbandoned;

  // Of the watch only: what it saw last, and when it saw this first.
  private long seenCount;
  private long seenSince;
  private @Nullable WatchedRootState seenRoot;
  private @Nullable Runnable lostTask;

  /**
   * What the watch sees of a thread.
   *
   * @param endedAt the root on which a step has ended since the scan before, or null
   * @param root the root of the step that the thread is in, or null outside steps
   * @param since when the watch first saw the step as it is, in nanoseconds
   */
  record Sight(
      @Nullable WatchedRootState endedAt,
      @Nullable WatchedRootState root,
      String step,
      long count,
      long since) {}

  ThreadSteps(Thread thread, @Nullable WatchedPool pool) {
    this.thread = thread;
    this.pool = pool;
  }

  Thread thread() {
    return thread;
  }

  @Nullable WatchedPool pool() {
    return pool;
  }

  /** Returns the task whose step was given up last; for the watch only. */
  @Nullable Runnable lostTask() {
    return lostTask;
  }

  /** Returns whether this is the first call for a watch; each thread belongs to one watch. */
  boolean isNewTo(RootWatch watch) {
    boolean isNew = seenBy != watch;
    seenBy = watch;
    return isNew;
  }

  /** Notes that the thread calls a root. */
  void enter() {
    depth++;
  }

  /** Notes that a call of a root has ended; returns whether it was the outermost one. */
  boolean leave() {
    depth--;
    return depth == 0;
  }

  void beginTask(Runnable begun) {
    task = begun;
    isTaskAbandoned = false;
  }

  void endTask() {
    task = null;
    isTaskAbandoned = false;
  }

  /** Begins a step; throws if the root is refused, or a step of the same task was given up. */
  void begin(WatchedRootState on, String named) {
    if (isTaskAbandoned) {
      throw on.givenUp(named);
    }
    on.requireAdmission();
    resume(on, named);
  }

  /** Begins a step that must be made in any case: of a listing that goes on, or a close. */
  void resume(WatchedRootState on, String named) {
    root = on;
    step = named;
    count.set(count.get() + 1);
  }

  /** Notes that the step goes on. */
  void progress() {
    long now = count.get();
    if (isOdd(now)) {
      // If it was given up meanwhile, its end throws.
      count.compareAndSet(now, now + 2);
    }
  }

  /**
   * Ends a step; throws if it was given up.
   *
   * @param hasAnswer whether the root has answered, rather than been interrupted
   */
  void end(boolean hasAnswer) {
    WatchedRootState of = current();
    if (!endOrReturn(of, hasAnswer)) {
      throw of.givenUp(step);
    }
  }

  /**
   * Ends a step after which there is nothing more to do, so that it is no matter if it was given
   * up.
   */
  void endLast(boolean hasAnswer) {
    endOrReturn(current(), hasAnswer);
  }

  private WatchedRootState current() {
    WatchedRootState of = root;
    if (of == null) {
      throw new IllegalStateException("no step has begun");
    }
    return of;
  }

  private boolean endOrReturn(WatchedRootState of, boolean hasAnswer) {
    long now = count.get();
    if (isOdd(now) && count.compareAndSet(now, now + 1)) {
      if (hasAnswer) {
        of.noteAnswer();
      }
      return true;
    }
    synchronized (this) {
      // The watch has interrupted this thread by now, which must not hit anything else.
      Thread.interrupted();
    }
    isTaskAbandoned = task != null;
    of.returned(this, hasAnswer);
    return false;
  }

  /** Gives up the step that was seen, unless it has ended; interrupts its thread. */
  synchronized boolean giveUp(Sight seen) {
    WatchedRootState on = seen.root;
    if (on == null || !count.compareAndSet(seen.count, seen.count + 1)) {
      return false;
    }
    // This is no answer of the root.
    seenCount = seen.count + 1;
    seenRoot = null;
    lostTask = task;
    on.addStuck(this, seen.step, seen.since);
    thread.interrupt();
    return true;
  }

  /** Reads the step, and remembers it for the next scan; null if the thread is just ending it. */
  @Nullable Sight look(long nanoTime) {
    long now = count.get();
    WatchedRootState current = root;
    String named = step;
    VarHandle.acquireFence();
    if (count.get() != now) {
      return null;
    }
    WatchedRootState ended = null;
    if (now != seenCount) {
      ended = now > seenCount + 1 && !isOdd(seenCount) ? current : seenRoot;
      seenCount = now;
      seenSince = nanoTime;
      seenRoot = isOdd(now) ? current : null;
    }
    return new Sight(ended, seenRoot, named, now, seenSince);
  }

  private static boolean isOdd(long number) {
    return (number & 1) != 0;
  }
}
