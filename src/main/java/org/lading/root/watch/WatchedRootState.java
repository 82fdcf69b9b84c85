package org.lading.root.watch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/**
 * What the watch knows of one root: the threads that are stuck in it, and whether it is refused.
 *
 * <p>A root is refused while it answers nobody and has its share of a pool's threads, or when
 * {@code maxStuck} threads are stuck in it. Now and then one step is admitted all the same, as a
 * probe; the longer, the more probes are stuck. Any answer ends the refusal. So threads that never
 * return, as those that wait for a file system that was unmounted, cost a bounded number of
 * threads, and the root is used again once it answers.
 */
final class WatchedRootState {
  /**
   * How many times {@code maxStuck} threads may be stuck in all, if the root answers in between.
   */
  private static final int MAX_RETURNS = 4;

  private final String name;
  private final Duration limit;
  private final WatchLimits limits;
  private final LongSupplier nanoTime;
  private final Map<ThreadSteps, WaitingStep> stuck = new LinkedHashMap<>();
  private int allowedStuck;
  private long lastAnswer;
  private long lastProbe;
  private volatile long givenUp;
  private volatile boolean isRefused;
  private volatile List<WaitingStep> waiting = List.of();

  /**
   * A step that waits, or that was given up and whose thread is stuck.
   *
   * @param step the name of the step
   * @param since when it was first seen, in nanoseconds
   */
  record WaitingStep(String step, long since, boolean isStuck) {}

  WatchedRootState(String name, Duration limit, WatchLimits limits, LongSupplier nanoTime) {
    this.name = name;
    this.limit = limit;
    this.limits = limits;
    this.nanoTime = nanoTime;
    this.allowedStuck = limits.maxStuck();
    this.lastAnswer = nanoTime.getAsLong();
    this.lastProbe = lastAnswer;
  }

  String name() {
    return name;
  }

  /** Returns the time without progress after which a step is given up. */
  Duration limit() {
    return limit;
  }

  /** Returns the number of steps that were given up. */
  long givenUp() {
    return givenUp;
  }

  /** Returns the steps that wait, or whose thread is stuck, as of the last scan. */
  List<WaitingStep> waiting() {
    return waiting;
  }

  /** Throws {@code STORAGE_UNAVAILABLE} if the root is refused, and this step is no probe. */
  void requireAdmission() {
    if (isRefused && !isProbe()) {
      throw new LadingException(
          ErrorCode.STORAGE_UNAVAILABLE,
          "Root " + name + " does not answer; " + waiting.size() + " steps wait for it");
    }
  }

  /** Returns the exception for a step that was given up. */
  LadingException givenUp(String step) {
    return new LadingException(
        ErrorCode.STORAGE_UNAVAILABLE, "Root " + name + " does not answer (" + step + ")");
  }

  /** Returns the exception for content that comes too slowly. */
  LadingException tooSlow() {
    return new LadingException(ErrorCode.STORAGE_UNAVAILABLE, "Root " + name + " sends too slowly");
  }

  /** Notes that a step has ended. */
  void noteAnswer() {
    if (isRefused) {
      answered();
    }
  }

  /** Notes that a step has ended, and ends the refusal. */
  synchronized void answered() {
    lastAnswer = nanoTime.getAsLong();
    if (isRefused) {
      if (stuck.size() >= allowedStuck) {
        allowedStuck = Math.min(MAX_RETURNS * limits.maxStuck(), stuck.size() + limits.maxStuck());
      }
      isRefused = stuck.size() >= allowedStuck;
    }
  }

  /** Notes that a thread is stuck in a step that was given up. */
  synchronized void addStuck(ThreadSteps thread, String step, long since) {
    stuck.put(thread, new WaitingStep(step, since, true));
    givenUp++;
    WatchedPool pool = thread.pool();
    if (pool != null) {
      pool.addThread();
    }
    if (stuck.size() >= allowedStuck) {
      refuse();
    }
  }

  /** Notes that a thread has returned from a step that was given up, or has died. */
  synchronized void returned(ThreadSteps thread, boolean hasAnswer) {
    if (stuck.remove(thread) != null) {
      WatchedPool pool = thread.pool();
      if (pool != null) {
        pool.removeThread();
      }
      if (stuck.isEmpty()) {
        allowedStuck = limits.maxStuck();
      }
      if (hasAnswer) {
        answered();
      }
    }
  }

  /** Refuses the root until it answers. */
  synchronized void refuse() {
    if (!isRefused) {
      isRefused = true;
      lastProbe = nanoTime.getAsLong();
    }
  }

  /** Returns whether no step has ended for {@code limits.waiting()}. */
  synchronized boolean answersNobody() {
    return nanoTime.getAsLong() - lastAnswer >= limits.waiting().toNanos();
  }

  /** Sets the steps that wait, to which it adds the stuck ones. */
  synchronized void setWaiting(List<WaitingStep> steps) {
    List<WaitingStep> all = new ArrayList<>(stuck.values());
    all.addAll(steps);
    waiting = List.copyOf(all);
  }

  /** Removes threads that have died. */
  synchronized void forgetDead() {
    List<ThreadSteps> dead =
        stuck.keySet().stream().filter(thread -> !thread.thread().isAlive()).toList();
    dead.forEach(thread -> returned(thread, false));
  }

  /** Admits one step as a probe after a pause that grows with the number of stuck threads. */
  private synchronized boolean isProbe() {
    int beyond = Math.max(0, stuck.size() - allowedStuck);
    long pause = limits.waiting().toNanos() * (1 + beyond);
    long now = nanoTime.getAsLong();
    if (now - lastProbe < pause || beyond >= limits.maxStuck()) {
      return false;
    }
    lastProbe = now;
    return true;
  }
}
