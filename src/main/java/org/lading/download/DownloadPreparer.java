package org.lading.download;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.lading.base.LogContext;
import org.lading.error.ErrorCode;
import org.lading.error.Failure;
import org.lading.error.LadingException;
import org.lading.manifest.ArchiveLayout;
import org.lading.manifest.ArchiveSizer;
import org.lading.manifest.ManifestRequest;
import org.lading.manifest.ManifestService;
import org.lading.manifest.StoredFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prepares downloads: turns what they were asked for into entries.
 *
 * <p>Each attempt has a number. Only the latest can write entries and end the preparation, so that
 * one that was given up, but goes on, does no harm.
 */
public final class DownloadPreparer {
  private static final Logger log = LoggerFactory.getLogger(DownloadPreparer.class);

  /** A download that ends every node that prepares it must not go round for ever. */
  private static final int MOST_FAILURES = 5;

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(10);
  private static final int PAUSE_GROWTH = 3;

  private final DownloadStore store;
  private final ManifestService manifests;
  private final StoredFiles storedFiles;
  private final Supplier<ArchiveSizer> modZipSizers;
  private final Supplier<ArchiveLayout> layouts;
  private final PreparationWaiters outcomes;
  private final Consumer<Download> observer;
  private final Clock clock;

  /**
   * Preparations of downloads in a store.
   *
   * @param modZipSizers gives a new sizer for each archive, as mod_zip makes it
   * @param layouts gives a new layout for each archive, as Lading streams it itself
   * @param outcomes is told how each attempt ended
   * @param observer is told of each download that is settled
   */
  public DownloadPreparer(
      DownloadStore store,
      ManifestService manifests,
      StoredFiles storedFiles,
      Supplier<ArchiveSizer> modZipSizers,
      Supplier<ArchiveLayout> layouts,
      PreparationWaiters outcomes,
      Consumer<Download> observer,
      Clock clock) {
    this.observer = observer;
    this.store = store;
    this.manifests = manifests;
    this.storedFiles = storedFiles;
    this.modZipSizers = modZipSizers;
    this.layouts = layouts;
    this.outcomes = outcomes;
    this.clock = clock;
  }

  /**
   * Prepares a download, or finds out that it cannot be.
   *
   * @param stopping whether this node is about to stop: the attempt then ends soon, and another
   *     node, or this one when it is back, begins the next
   * @return after which time to call again, or empty if nothing is left to do
   */
  public Optional<Duration> prepare(String id, BooleanSupplier stopping) {
    return stopping.getAsBoolean()
        ? Optional.of(Duration.ZERO)
        : LogContext.during(about(id), () -> begun(id, stopping));
  }

  private Optional<Duration> begun(String id, BooleanSupplier stopping) {
    Download attempt = begin(id);
    if (attempt == null) {
      return Optional.empty();
    }
    if (attempt.failures() >= MOST_FAILURES) {
      return end(attempt.failed(givenUp(attempt), now()));
    }
    discardEarlierFiles(attempt);
    Download.Totals totals;
    try {
      totals = makeEntries(attempt, stopping);
    } catch (AttemptOverException e) {
      return giveUp(attempt, stopping, e);
    } catch (RuntimeException | Error e) {
      return stopping.getAsBoolean() ? giveUp(attempt, stopping, e) : fail(attempt, e);
    }
    // What fails here may have happened all the same: only the next attempt may take its files.
    return end(attempt.ready(totals, now()));
  }

  private @Nullable Download begin(String id) {
    try {
      return store.begin(id, now()).orElse(null);
    } catch (RuntimeException e) {
      outcomes.announce(id, Failure.of(e, about(id)));
      throw e;
    }
  }

  private Download.Totals makeEntries(Download attempt, BooleanSupplier stopping) {
    TotalsCounter counter = new TotalsCounter(modZipSizers.get(), layouts.get());
    try (DownloadStore.EntrySink sink = store.entrySink(attempt)) {
      manifests.make(
          attempt.id(),
          attempt.attempt(),
          new ManifestRequest(attempt.zipName(), () -> store.targets(attempt)),
          entry -> {
            if (stopping.getAsBoolean()) {
              throw new AttemptOverException("this node stops");
            }
            sink.accept(entry, counter.point());
            counter.add(entry);
          });
    }
    return counter.totals();
  }

  /** A store that did not answer is asked again, with growing pauses; any other failure stays. */
  private Optional<Duration> fail(Download attempt, Throwable e) {
    Failure reason = Failure.of(e, about(attempt.id()));
    boolean again =
        reason.code() == ErrorCode.STORAGE_UNAVAILABLE && attempt.failures() + 1 < MOST_FAILURES;
    Optional<Duration> pause;
    try {
      pause = end(again ? attempt.again(reason) : attempt.failed(reason, now()));
    } catch (RuntimeException notStored) {
      outcomes.announce(attempt.id(), reason);
      throw notStored;
    }
    if (e instanceof Error error) {
      throw error;
    }
    return pause;
  }

  /** The half of it that is there is of no use to the next attempt. */
  private Optional<Duration> giveUp(Download attempt, BooleanSupplier stopping, Throwable why) {
    log.info("{}: attempt {} ends: {}", about(attempt.id()), attempt.attempt(), why.toString());
    if (stopping.getAsBoolean()) {
      return end(attempt.again(null));
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
      log.warn("{}: attempt {} came too late", about(ended.id()), ended.attempt());
      return Optional.empty();
    }
    log.info("{}", sentence(ended));
    if (ended.state().isSettled()) {
      observer.accept(ended);
    }
    outcomes.announce(ended);
    return ended.state().isSettled() ? Optional.empty() : Optional.of(pause(ended));
  }

  /** They are in nobody's way. */
  private void discardEarlierFiles(Download attempt) {
    try {
      storedFiles.deleteEarlier(attempt.id(), attempt.attempt());
    } catch (RuntimeException e) {
      log.warn("{}: files of earlier attempts stay", about(attempt.id()), e);
    }
  }

  /** What stays is removed by the next attempt, or with the download. */
  private void discardFiles(Download attempt) {
    try {
      storedFiles.delete(attempt.id(), attempt.attempt());
    } catch (RuntimeException e) {
      log.warn("{}: files of attempt {} stay", about(attempt.id()), attempt.attempt(), e);
    }
  }

  private static Duration pause(Download again) {
    Duration pause = FIRST_PAUSE;
    for (int i = 1; i < again.failures(); i++) {
      pause = pause.multipliedBy(PAUSE_GROWTH);
    }
    return again.failure() == null ? Duration.ZERO : pause;
  }

  private static String sentence(Download ended) {
    Failure reason = ended.failure();
    String head = about(ended.id()) + " is " + ended.state().word();
    return reason == null
        ? head + ": " + ended.totals().entries() + " entries, " + ended.totals().bytes() + " bytes"
        : head + ": " + reason.sentence();
  }

  private static Failure givenUp(Download attempt) {
    Failure last = attempt.failure();
    return last != null
        ? last
        : new LadingException(
                ErrorCode.INTERNAL,
                "Its preparation was begun %d times, and each time its node stopped working"
                    .formatted(attempt.failures()))
            .failure();
  }

  private static String about(String id) {
    return "Download " + id;
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
