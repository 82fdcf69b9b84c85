package org.lading.download;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.lading.base.LogContext;
import org.lading.base.PrintableText;
import org.lading.error.ErrorCode;
import org.lading.error.Failure;
import org.lading.error.FaultLog;
import org.lading.error.LadingException;
import org.lading.manifest.ManifestFindings;
import org.lading.manifest.ManifestRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prepares downloads: makes entries of their targets.
 *
 * <p>Each attempt has a number. Only the latest can write entries and end the preparation, so an
 * earlier one that still runs does no harm.
 */
public final class DownloadPreparer {
  private static final Logger log = LoggerFactory.getLogger(DownloadPreparer.class);

  /**
   * The maximum number of failed attempts, which is bounded because a download may crash every node
   * that prepares it.
   */
  private static final int MAX_FAILURES = 5;

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(10);
  private static final int PAUSE_GROWTH = 3;

  private final DownloadParts parts;
  private final DownloadStore store;
  private final PreparationWaiters waiters;
  private final Executor threads;
  private final FairQueue queue;
  private final AttemptMeter.Limits limits;
  private final Supplier<TotalsCounter> counters;
  private final Consumer<Download> observer;

  /** How often in a row the store has failed at a download, by its id. */
  private final Map<String, Integer> storeFailures = new ConcurrentHashMap<>();

  /**
   * Makes a preparer.
   *
   * @param threads has a thread for each attempt, which is abandoned if a root does not answer
   * @param queue queues the downloads that may follow those that have ended
   * @param counters makes a counter for the entries of one attempt
   * @param observer takes each download that is settled
   */
  public DownloadPreparer(
      DownloadParts parts,
      Executor threads,
      PreparationSettings settings,
      FairQueue queue,
      Supplier<TotalsCounter> counters,
      Consumer<Download> observer) {
    this.parts = parts;
    this.store = parts.store();
    this.waiters = parts.waiters();
    this.threads = threads;
    this.queue = queue;
    this.limits = new AttemptMeter.Limits(settings, parts);
    this.counters = counters;
    this.observer = observer;
  }

  /**
   * Makes one attempt to prepare a download.
   *
   * @param lane the lane that the calling thread belongs to; nothing happens if the download is in
   *     the other one
   * @param stopping tells whether this node is about to stop: the attempt then ends soon, and
   *     another node, or this one after its restart, begins the next
   * @return the time after which to call again, or empty if the download is settled or gone
   */
  public Optional<Duration> prepare(String id, Lane lane, BooleanSupplier stopping) {
    return stopping.getAsBoolean()
        ? Optional.of(Duration.ZERO)
        : LogContext.during(subject(id), () -> attemptOrAbandon(id, lane, stopping));
  }

  /**
   * Makes an attempt unless the store has failed at {@value #MAX_FAILURES} of them, as where its
   * row is damaged: then the download fails as soon as the store takes that.
   */
  private Optional<Duration> attemptOrAbandon(String id, Lane lane, BooleanSupplier stopping) {
    int failures = storeFailures.getOrDefault(id, 0);
    try {
      Optional<Duration> pause =
          failures < MAX_FAILURES ? attempt(id, lane, stopping) : abandon(id, failures);
      storeFailures.remove(id);
      return pause;
    } catch (RuntimeException e) {
      storeFailures.put(id, failures + 1);
      Duration pause = pause(Math.min(failures + 1, MAX_FAILURES - 1));
      FaultLog.warn(
          log,
          "%s: the store has failed %d times; the next try is in %d s"
              .formatted(subject(id), failures + 1, pause.toSeconds()),
          e);
      return Optional.of(pause);
    }
  }

  private Optional<Duration> abandon(String id, int failures) {
    Failure reason =
        new LadingException(
                ErrorCode.STORAGE_UNAVAILABLE,
                "The database failed at %d attempts to prepare it".formatted(failures))
            .failure();
    if (store.fail(id, reason, parts.now())) {
      log.error("{} is failed: {}", subject(id), reason.sentence());
      store.find(id).ifPresent(this::announceAbandoned);
    }
    return Optional.empty();
  }

  private void announceAbandoned(Download failed) {
    observer.accept(failed);
    waiters.announce(failed);
    queue.submitNext(failed.preparation().client(), failed.preparation().lane());
  }

  private Optional<Duration> attempt(String id, Lane lane, BooleanSupplier stopping) {
    Download attempt = begin(id, lane);
    if (attempt == null) {
      return Optional.empty();
    }
    Optional<Duration> pause = attempt(attempt, stopping);
    if (pause.isEmpty()) {
      queue.submitNext(attempt.preparation().client(), lane);
    }
    return pause;
  }

  private Optional<Duration> attempt(Download attempt, BooleanSupplier stopping) {
    if (attempt.failures() >= MAX_FAILURES) {
      return end(attempt.failed(lastFailure(attempt), parts.now()));
    }
    if (limits.isTimeUp(attempt)) {
      return end(attempt.failed(limits.timeIsUp().failure(), parts.now()));
    }
    discardEarlierFiles(attempt);
    AtomicBoolean isOver = new AtomicBoolean();
    AttemptMeter meter =
        new AttemptMeter(attempt, limits, store, () -> stopping.getAsBoolean() || isOver.get());
    Download.Totals totals;
    try {
      totals =
          new AttemptTask(() -> addEntries(attempt, meter))
              .runOn(threads, meter.maxTime(), meter::late);
    } catch (AttemptEndedException e) {
      return giveUp(meter.counted(), stopping, e);
    } catch (TooLongForLaneException e) {
      return changeLane(meter.counted());
    } catch (RuntimeException | Error e) {
      Download counted = meter.counted();
      return stopping.getAsBoolean() ? giveUp(counted, stopping, e) : fail(counted, e);
    } finally {
      isOver.set(true);
    }
    // If this fails, it may still have been stored: only the next attempt may remove the files.
    return end(meter.counted().ready(totals, parts.now()));
  }

  private @Nullable Download begin(String id, Lane lane) {
    try {
      return store.begin(id, lane, parts.now()).orElse(null);
    } catch (RuntimeException e) {
      waiters.announce(id, Failure.of(e, subject(id)));
      throw e;
    }
  }

  private Download.Totals addEntries(Download attempt, AttemptMeter meter) {
    TotalsCounter counter = counters.get();
    ManifestFindings findings;
    try (DownloadStore.EntrySink sink = store.entrySink(attempt)) {
      findings =
          parts
              .manifests()
              .make(
                  attempt.id(),
                  attempt.attempt(),
                  new ManifestRequest(attempt.zipName(), () -> store.targets(attempt)),
                  entry -> {
                    sink.accept(entry, counter.point());
                    counter.add(entry);
                  },
                  meter::count);
    }
    return counter.totals(findings);
  }

  /** Ends an attempt in the quick lane; the next one follows in the long lane. */
  private Optional<Duration> changeLane(Download attempt) {
    Download moved = attempt.pendingInLongLane();
    end(moved);
    queue.submitNext(moved.preparation().client(), moved.preparation().lane());
    return Optional.empty();
  }

  /** Ends an attempt that failed: if a store did not answer, the next follows after a pause. */
  private Optional<Duration> fail(Download attempt, Throwable e) {
    Failure reason = Failure.of(e, subject(attempt.id()));
    boolean again =
        reason.code() == ErrorCode.STORAGE_UNAVAILABLE && attempt.failures() + 1 < MAX_FAILURES;
    Optional<Duration> pause;
    try {
      pause = end(again ? triedAgain(attempt, reason) : attempt.failed(reason, parts.now()));
    } catch (RuntimeException notStored) {
      waiters.announce(attempt.id(), reason);
      throw notStored;
    }
    if (e instanceof Error error) {
      throw error;
    }
    return pause;
  }

  private Download triedAgain(Download attempt, Failure reason) {
    return attempt.pendingAgain(reason, parts.now().plus(pause(attempt.failures() + 1)));
  }

  /** Ends an attempt without a result, and removes its files. */
  private Optional<Duration> giveUp(Download attempt, BooleanSupplier stopping, Throwable reason) {
    log.info(
        "{}: attempt {} ends: {}", subject(attempt.id()), attempt.attempt(), reason.toString());
    if (stopping.getAsBoolean()) {
      return end(attempt.pendingAgain(null, null));
    }
    discardFiles(attempt);
    return Optional.empty();
  }

  private Optional<Duration> end(Download ended) {
    boolean isCurrent = store.end(ended);
    if (!isCurrent || ended.state() != Download.State.READY) {
      discardFiles(ended);
    }
    if (!isCurrent) {
      log.warn("{}: attempt {} came too late", subject(ended.id()), ended.attempt());
      return Optional.empty();
    }
    log.info("{}", sentence(ended));
    if (ended.state().isSettled()) {
      observer.accept(ended);
    }
    waiters.announce(ended);
    return ended.state().isSettled() ? Optional.empty() : Optional.of(pause(ended));
  }

  /** Removes the files of earlier attempts; if that fails, they do no harm. */
  private void discardEarlierFiles(Download attempt) {
    try {
      parts.storedFiles().deleteEarlier(attempt.id(), attempt.attempt());
    } catch (RuntimeException e) {
      FaultLog.warn(log, subject(attempt.id()) + ": files of earlier attempts stay", e);
    }
  }

  /** Removes the files of an attempt; if that fails, the next attempt removes them. */
  private void discardFiles(Download attempt) {
    try {
      parts.storedFiles().delete(attempt.id(), attempt.attempt());
    } catch (RuntimeException e) {
      FaultLog.warn(
          log, subject(attempt.id()) + ": files of attempt " + attempt.attempt() + " stay", e);
    }
  }

  private static Duration pause(Download pending) {
    return pending.failure() == null ? Duration.ZERO : pause(pending.failures());
  }

  private static Duration pause(int failures) {
    Duration pause = FIRST_PAUSE;
    for (int i = 1; i < failures; i++) {
      pause = pause.multipliedBy(PAUSE_GROWTH);
    }
    return pause;
  }

  private static String sentence(Download ended) {
    Failure reason = ended.failure();
    boolean isRefused = ended.state() == Download.State.MISSING_OR_INVALID_TARGETS;
    String head = subject(ended.id()) + (isRefused ? " failed" : " is " + ended.state().word());
    return reason == null
        ? head + ": " + ended.totals().entries() + " entries, " + ended.totals().bytes() + " bytes"
        : head + ": " + reason.sentence();
  }

  private static Failure lastFailure(Download attempt) {
    Failure last = attempt.failure();
    return last != null
        ? last
        : new LadingException(
                ErrorCode.INTERNAL,
                "Its preparation was begun %d times, and each time its node stopped working"
                    .formatted(attempt.failures()))
            .failure();
  }

  private static String subject(String id) {
    return "Download " + PrintableText.ofId(id);
  }
}
