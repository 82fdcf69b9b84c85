package org.lading.health;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.lading.base.Abandonable;
import org.lading.error.FaultLog;
import org.lading.error.LadingException;
import org.lading.health.PartReport.LastError;
import org.lading.health.PartReport.State;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks one part of the application in the background, and remembers what was found. A check that
 * still runs is not started again.
 */
public final class HealthCheck {
  /** The time after which a part that has not answered counts as unavailable. */
  public static final Duration MAX_TIME = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(HealthCheck.class);

  private final String name;
  private final Supplier<Map<String, Object>> check;
  private final Executor workers;
  private final Duration maxAge;
  private final Clock clock;
  private Instant begun = Instant.MIN;
  private long begunNanos;
  private CompletableFuture<Void> running = CompletableFuture.completedFuture(null);
  private @Nullable PartReport found;
  private @Nullable LastError lastError;

  /**
   * Makes a check, which has not run yet.
   *
   * @param check returns the details of the report, or throws if the part is unavailable
   * @param workers run the check, which may block
   * @param maxAge the time for which a result is kept, so that requests cannot cause many checks
   */
  public HealthCheck(
      String name,
      Supplier<Map<String, Object>> check,
      Executor workers,
      Duration maxAge,
      Clock clock) {
    this.name = name;
    this.check = check;
    this.workers = workers;
    this.maxAge = maxAge;
    this.clock = clock;
  }

  /** Returns the name of the part. */
  String name() {
    return name;
  }

  /**
   * Starts the check if the last one is too old.
   *
   * @return completes when no check runs
   */
  CompletableFuture<Void> refresh() {
    Probe probe = null;
    CompletableFuture<Void> current;
    synchronized (this) {
      Instant now = clock.instant();
      boolean isFresh = !now.isBefore(begun) && now.isBefore(freshUntil());
      if (running.isDone() && !isFresh) {
        running = new CompletableFuture<>();
        begun = now;
        begunNanos = System.nanoTime();
        probe = new Probe(running);
      }
      current = running;
    }
    if (probe != null) {
      probe.start();
    }
    return current;
  }

  private Instant freshUntil() {
    return begun.equals(Instant.MIN) ? begun : begun.plus(maxAge);
  }

  /** Returns the time in milliseconds until a check that runs has run for the given time, or 0. */
  synchronized long millisUntil(Duration time) {
    long left = time.toNanos() - (System.nanoTime() - begunNanos);
    return running.isDone() || left <= 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(left) + 1;
  }

  /** Returns what is known now, without waiting for a check that runs. */
  synchronized PartReport report() {
    if (!running.isDone() && System.nanoTime() - begunNanos >= MAX_TIME.toNanos()) {
      return hanging();
    }
    Instant checking = running.isDone() ? null : begun.truncatedTo(ChronoUnit.MILLIS);
    PartReport last = found;
    return last == null
        ? new PartReport(name, State.CHECKING, null, null, checking, Map.of(), null)
        : new PartReport(
            name,
            last.state(),
            last.error(),
            last.checked(),
            checking,
            last.details(),
            last.lastError());
  }

  private PartReport hanging() {
    String sentence = "It did not answer within " + MAX_TIME.toSeconds() + " seconds";
    Instant since = begun.truncatedTo(ChronoUnit.MILLIS);
    LastError error = new LastError(since, sentence);
    lastError = error;
    Instant checked = found == null ? null : found.checked();
    return new PartReport(name, State.UNAVAILABLE, sentence, checked, since, Map.of(), error);
  }

  /** One run of the check, which fails when its thread is stuck. */
  private final class Probe implements Runnable, Abandonable {
    private final CompletableFuture<Void> end;

    Probe(CompletableFuture<Void> end) {
      this.end = end;
    }

    void start() {
      try {
        workers.execute(this);
      } catch (RejectedExecutionException e) {
        down(end, "Lading is stopping");
      }
    }

    @Override
    public void run() {
      try {
        up(end, check.get());
      } catch (LadingException e) {
        down(end, e.sentence());
      } catch (RuntimeException e) {
        FaultLog.warn(log, "The check of " + name + " failed", e);
        down(end, "The check failed; the log has the details");
      } catch (Error e) {
        down(end, "The check failed; the log has the details");
        throw e;
      }
    }

    @Override
    public void abandon(RuntimeException reason) {
      down(end, String.valueOf(reason.getMessage()));
    }
  }

  private void up(CompletableFuture<Void> end, Map<String, Object> details) {
    settle(end, State.OK, null, details);
  }

  private void down(CompletableFuture<Void> end, String sentence) {
    settle(end, State.UNAVAILABLE, sentence, Map.of());
  }

  /** Keeps what a check found, unless it was given up before. */
  private void settle(
      CompletableFuture<Void> end,
      State state,
      @Nullable String error,
      Map<String, Object> details) {
    synchronized (this) {
      if (end.isDone() || end != running) {
        return;
      }
      Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
      if (error != null) {
        lastError = new LastError(now, error);
      }
      found = new PartReport(name, state, error, now, null, details, lastError);
      running = CompletableFuture.completedFuture(null);
    }
    // What waits for the end runs on this thread, and asks for the report.
    end.complete(null);
  }
}
