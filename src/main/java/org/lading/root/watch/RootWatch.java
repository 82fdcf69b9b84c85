package org.lading.root.watch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.lading.base.Abandonable;
import org.lading.error.LadingException;
import org.lading.root.Root;
import org.lading.root.watch.ThreadSteps.Sight;
import org.lading.root.watch.WatchedRootState.WaitingStep;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the threads that wait for roots: nothing interrupts a call of a file system that does not
 * answer, so the call is given up instead. What its thread worked for fails at once, the pool gets
 * another thread, and the thread throws if it ever returns.
 *
 * <p><b>Why here.</b> The port {@link Root} is the one door to all blocking steps. A step begins
 * and ends with one atomic write of its own thread; only {@link #scan}, once a second, compares
 * what it sees with what it saw before.
 */
public final class RootWatch {
  private static final Logger log = LoggerFactory.getLogger(RootWatch.class);

  private final WatchLimits limits;
  private final Clock clock;
  private final LongSupplier nanoTime;
  private final Map<String, WatchedRootState> roots = new ConcurrentHashMap<>();
  private final Set<ThreadSteps> threads = ConcurrentHashMap.newKeySet();

  /** The steps of threads that belong to no watched pool, while they are in one. */
  private final Map<Thread, ThreadSteps> others = new ConcurrentHashMap<>();

  /** A thread, and what is seen of it. */
  private record Waiting(ThreadSteps thread, Sight sight) {}

  /**
   * Makes a watch.
   *
   * @param clock gives the times in reports
   * @param nanoTime gives times in nanoseconds, as {@link System#nanoTime}
   */
  public RootWatch(WatchLimits limits, Clock clock, LongSupplier nanoTime) {
    this.limits = limits;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  /** Returns a root whose steps are watched; to be called once for each root. */
  public Root watched(Root root) {
    Duration limit = root.isRemote() ? limits.remote() : limits.local();
    WatchedRootState state = new WatchedRootState(root.name(), limit, limits, nanoTime);
    roots.put(root.name(), state);
    return new WatchedRoot(root, state, this);
  }

  /** Returns the number of threads that wait for a root, or are stuck in it. */
  public long waiting(String root) {
    return state(root).waiting().size();
  }

  /** Returns the number of threads that are stuck in a root, in a step that was given up. */
  public long stuck(String root) {
    return state(root).waiting().stream().filter(WaitingStep::isStuck).count();
  }

  /** Returns the number of steps on a root that were given up. */
  public long givenUp(String root) {
    return state(root).givenUp();
  }

  /**
   * Returns what {@code /status} tells of the steps that wait for a root: for each kind of step the
   * number of threads, how many of them are stuck, and since when the first one waits.
   */
  public List<Map<String, Object>> report(String root) {
    Map<String, List<WaitingStep>> byStep = new LinkedHashMap<>();
    for (WaitingStep waiting : state(root).waiting()) {
      byStep.computeIfAbsent(waiting.step(), step -> new ArrayList<>()).add(waiting);
    }
    List<Map<String, Object>> report = new ArrayList<>();
    byStep.forEach((step, all) -> report.add(report(step, all)));
    return report;
  }

  /** Gives up the steps that took too long; to be called once in every {@code scanPause}. */
  public void scan() {
    long now = nanoTime.getAsLong();
    Map<WatchedRootState, List<Waiting>> waiting = new HashMap<>();
    roots.values().forEach(root -> waiting.put(root, new ArrayList<>()));
    threads.removeIf(thread -> !thread.thread().isAlive());
    for (ThreadSteps thread : threads) {
      Sight sight = thread.look(now);
      if (sight != null && sight.endedAt() != null) {
        sight.endedAt().answered();
      }
      if (sight != null && sight.root() != null && !isLate(thread, sight, now)) {
        addIfWaiting(waiting, new Waiting(thread, sight), now);
      }
    }
    waiting.forEach(this::limitShares);
  }

  /** Gives up all steps, since the application stops. */
  public void giveUpAll() {
    for (ThreadSteps thread : threads) {
      Sight sight = thread.look(nanoTime.getAsLong());
      if (sight != null) {
        giveUp(thread, sight);
      }
    }
  }

  WatchLimits limits() {
    return limits;
  }

  /** Returns the steps of the calling thread, which calls {@link #leave} afterwards. */
  ThreadSteps enter() {
    ThreadSteps steps = ofThisThread();
    steps.enter();
    return steps;
  }

  /** Forgets the calling thread after its outermost call, unless it belongs to a watched pool. */
  void leave(ThreadSteps steps) {
    if (steps.leave() && steps.pool() == null) {
      others.remove(steps.thread());
      threads.remove(steps);
    }
  }

  private ThreadSteps ofThisThread() {
    if (Thread.currentThread() instanceof WatchedThread thread) {
      ThreadSteps steps = thread.steps();
      if (steps.isNewTo(this)) {
        threads.add(steps);
      }
      return steps;
    }
    return others.computeIfAbsent(
        Thread.currentThread(),
        thread -> {
          ThreadSteps steps = new ThreadSteps(thread, null);
          threads.add(steps);
          return steps;
        });
  }

  private boolean isLate(ThreadSteps thread, Sight sight, long now) {
    WatchedRootState root = sight.root();
    return root != null && now - sight.since() >= root.limit().toNanos() && giveUp(thread, sight);
  }

  private void addIfWaiting(Map<WatchedRootState, List<Waiting>> all, Waiting waiting, long now) {
    List<Waiting> ofRoot = all.get(waiting.sight.root());
    if (ofRoot != null && now - waiting.sight.since() >= limits.waiting().toNanos()) {
      ofRoot.add(waiting);
    }
  }

  /** Gives up the steps beyond its share of each pool, if a root answers nobody. */
  private void limitShares(WatchedRootState root, List<Waiting> waiting) {
    root.forgetDead();
    List<Waiting> kept = new ArrayList<>(waiting);
    if (root.answersNobody()) {
      Map<WatchedPool, Integer> counts = new HashMap<>();
      for (Waiting one : waiting) {
        WatchedPool pool = one.thread.pool();
        int count = pool == null ? 0 : counts.merge(pool, 1, Integer::sum);
        if (pool != null && count >= pool.share()) {
          root.refuse();
        }
        if (pool != null && count > pool.share() && giveUp(one.thread, one.sight)) {
          kept.remove(one);
        }
      }
    }
    root.setWaiting(
        kept.stream()
            .map(one -> new WaitingStep(one.sight.step(), one.sight.since(), false))
            .toList());
  }

  private boolean giveUp(ThreadSteps thread, Sight sight) {
    WatchedRootState root = sight.root();
    if (root == null || !thread.giveUp(sight)) {
      return false;
    }
    Throwable where = new Throwable("where " + thread.thread().getName() + " is");
    where.setStackTrace(thread.thread().getStackTrace());
    log.warn("Root {} does not answer: {} is given up", root.name(), sight.step(), where);
    abandon(thread.lostTask(), root.givenUp(sight.step()));
    return true;
  }

  private static void abandon(@Nullable Runnable task, LadingException reason) {
    try {
      if (task instanceof Abandonable abandonable) {
        abandonable.abandon(reason);
      } else if (task instanceof Future<?> future) {
        // The thread was interrupted already, and must not be once more, later.
        future.cancel(false);
      }
    } catch (RuntimeException e) {
      log.warn("A task could not be ended", e);
    }
  }

  private Map<String, Object> report(String step, List<WaitingStep> all) {
    long now = nanoTime.getAsLong();
    long first = all.stream().mapToLong(one -> now - one.since()).max().orElse(0);
    Instant since = clock.instant().minusNanos(first);
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("step", step);
    report.put("threads", all.size());
    report.put("stuck", all.stream().filter(WaitingStep::isStuck).count());
    report.put("since", since.toString());
    return report;
  }

  private WatchedRootState state(String root) {
    WatchedRootState state = roots.get(root);
    if (state == null) {
      throw new IllegalArgumentException("not watched: " + root);
    }
    return state;
  }
}
