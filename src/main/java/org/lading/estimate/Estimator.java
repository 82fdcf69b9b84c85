package org.lading.estimate;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.lading.download.Download;
import org.lading.download.PreparationSettings;
import org.lading.download.TotalsCounter;
import org.lading.error.ErrorCode;
import org.lading.error.Failure;
import org.lading.error.LadingException;
import org.lading.manifest.ChecksumSpending;
import org.lading.manifest.ManifestEstimate;
import org.lading.manifest.ManifestRequest;
import org.lading.manifest.ManifestService;

/** Finds out what a create would do with a request, as the create would, and stores nothing. */
public final class Estimator {
  /** The maximum number of estimates at once: as many as there are preparations in a lane. */
  public static final int MAX_AT_ONCE = 16;

  /** The time in which an estimate that makes steps has noticed itself that it is late. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  // What a preparation does and an estimate does not, by the figures of docs/performance.md.
  private static final double STORING_NANOS_PER_ENTRY = 2000;
  private static final double READING_NANOS_PER_FILE = 65_000;
  private static final double READING_NANOS_PER_BYTE = 1;
  private static final double REQUESTING_NANOS = 1_000_000;

  private final ManifestService manifests;
  private final PreparationSettings limits;
  private final Executor threads;
  private final Supplier<TotalsCounter> counters;
  private final Semaphore room = new Semaphore(MAX_AT_ONCE);

  /** The estimates that are being made, with the {@link System#nanoTime} when they are late. */
  private final Map<CompletableFuture<Estimate>, Long> running = new ConcurrentHashMap<>();

  /**
   * Makes an estimator.
   *
   * @param threads has a thread for each estimate, which is abandoned if a root does not answer
   * @param counters makes a counter for the entries of one estimate
   */
  public Estimator(
      ManifestService manifests,
      PreparationSettings limits,
      Executor threads,
      Supplier<TotalsCounter> counters) {
    this.manifests = manifests;
    this.limits = limits;
    this.threads = threads;
    this.counters = counters;
  }

  /**
   * Begins an estimate. The future fails as a create would fail for reasons that are not the
   * request's. To cancel it ends the work within some milliseconds, unless a root does not answer.
   *
   * @param faults the faults of targets that the request no longer has
   * @param after runs when the request is not read any more, whatever happens
   * @throws LadingException {@code BUSY} if there are {@value #MAX_AT_ONCE} others
   */
  public CompletableFuture<Estimate> begin(
      ManifestRequest request, List<Failure> faults, Runnable after) {
    if (!room.tryAcquire()) {
      after.run();
      throw new LadingException(
          ErrorCode.BUSY, "%d estimates are being made already".formatted(MAX_AT_ONCE));
    }
    CompletableFuture<Estimate> result = new CompletableFuture<>();
    long late = System.nanoTime() + limits.maxTime().plus(GRACE).toNanos();
    running.put(result, late);
    var unused =
        result.whenComplete(
            (estimate, failure) -> {
              running.keySet().removeIf(other -> other == result);
              room.release();
            });
    try {
      threads.execute(
          new EstimateTask(result, () -> estimate(request, faults, result::isDone), after));
    } catch (RejectedExecutionException e) {
      after.run();
      result.completeExceptionally(
          new LadingException(ErrorCode.STORAGE_UNAVAILABLE, "The application stops", e));
    }
    return result;
  }

  /** Ends estimates that are late and make no steps; to be called about every second. */
  public void endLate() {
    long now = System.nanoTime();
    running.forEach(
        (result, late) -> {
          if (now - late >= 0) {
            result.completeExceptionally(limits.timeIsUp());
          }
        });
  }

  private Estimate estimate(ManifestRequest request, List<Failure> faults, BooleanSupplier isOver) {
    EstimateFindings findings = new EstimateFindings(faults);
    if (!findings.isWhole()) {
      return new Estimate(findings.faults(), false, 0, null);
    }
    EstimateMeter meter = new EstimateMeter(limits, isOver);
    TotalsCounter counter = counters.get();
    long[] unknown = {0};
    ManifestEstimate made = null;
    try {
      made =
          manifests.estimate(
              request,
              entry -> {
                counter.add(entry);
                unknown[0] += entry.hasCrc32() ? 0 : 1;
              },
              findings,
              meter::count);
    } catch (EstimateFindings.EnoughFaultsException e) {
      // The findings have them.
    } catch (LadingException e) {
      if (e.code() != ErrorCode.TOO_LARGE && e.code() != ErrorCode.EMPTY) {
        throw e;
      }
      findings.last(e);
    }
    return new Estimate(
        findings.faults(),
        findings.isWhole(),
        findings.archived(),
        made == null || !findings.faults().isEmpty()
            ? null
            : result(counter.totals(made.findings()), made, unknown[0], findings, meter));
  }

  private static Estimate.Result result(
      Download.Totals totals,
      ManifestEstimate made,
      long unknown,
      EstimateFindings findings,
      EstimateMeter meter) {
    ChecksumSpending spent = made.spent();
    double more =
        totals.entries() * STORING_NANOS_PER_ENTRY
            + spent.files() * READING_NANOS_PER_FILE
            + spent.bytes() * READING_NANOS_PER_BYTE
            + spent.requests() * REQUESTING_NANOS;
    return new Estimate.Result(
        totals,
        made,
        unknown,
        findings.omitted(),
        findings.similar(),
        Duration.ofNanos(meter.elapsedNanos() + Math.round(more)));
  }
}
