package org.lading.download;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.lading.error.ErrorCode;
import org.lading.error.Failure;
import org.lading.error.LadingException;
import org.lading.manifest.ArchivePoint;
import org.lading.manifest.Entry;
import org.lading.manifest.ManifestService;
import org.lading.manifest.StoredFiles;

/** Takes requests for downloads, and finds them again for whoever has their id. */
public final class DownloadService {
  private static final Duration LOST_AFTER = Duration.ofMinutes(1);
  private static final int SUBMITTED_AT_ONCE = 1000;

  private final DownloadStore store;
  private final ManifestService manifests;
  private final StoredFiles storedFiles;
  private final PreparationQueue queue;
  private final PreparationWaiters outcomes;
  private final Leases leases;
  private final Executor executor;
  private final Supplier<String> ids;
  private final Clock clock;
  private final int retentionDays;

  /**
   * A service over a store.
   *
   * @param queue gets stored downloads prepared
   * @param executor for what follows when a download that somebody waits for is prepared
   * @param ids gives unguessable ids
   * @param retentionDays the days after which a download is deleted at the latest
   */
  public DownloadService(
      DownloadStore store,
      ManifestService manifests,
      StoredFiles storedFiles,
      PreparationQueue queue,
      PreparationWaiters outcomes,
      Leases leases,
      Executor executor,
      Supplier<String> ids,
      Clock clock,
      int retentionDays) {
    this.store = store;
    this.manifests = manifests;
    this.storedFiles = storedFiles;
    this.queue = queue;
    this.outcomes = outcomes;
    this.leases = leases;
    this.executor = executor;
    this.ids = ids;
    this.clock = clock;
    this.retentionDays = retentionDays;
  }

  /**
   * Stores a request, has it prepared, and answers when that is done or the time is up: with the
   * download, which is then ready or still being prepared. If its preparation failed by then, or
   * broke off, the answer is that failure, and nothing of the download is left.
   *
   * @param stored is told its id before anything is done with it
   */
  public CompletableFuture<Download> create(
      CreateRequest request, Duration wait, Consumer<String> stored) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    long days = Math.min(request.timeoutDays().orElse(retentionDays), retentionDays);
    Download pending =
        Download.pending(
            ids.get(),
            request.root(),
            request.manifest().zipName(),
            now,
            now.plus(Duration.ofDays(days)));
    store.insert(pending, request.manifest().targets().iterator());
    stored.accept(pending.id());
    CompletableFuture<Download> outcome = outcomes.await(pending, wait);
    try {
      queue.submit(pending.id());
    } catch (RuntimeException | Error e) {
      outcomes.forget(pending);
      discardAfter(e, pending.id());
      throw e;
    }
    return outcome.thenApplyAsync(this::succeeded, executor);
  }

  /**
   * Submits again what nobody prepares although it should be: its node died between storing it and
   * submitting it, say.
   */
  public void resubmit() {
    store.unsettled(clock.instant().minus(LOST_AFTER), SUBMITTED_AT_ONCE).forEach(queue::submit);
  }

  private Download succeeded(Download outcome) {
    Failure failure = outcome.failure();
    if (failure != null) {
      LadingException thrown = failure.toException();
      discardAfter(thrown, outcome.id());
      throw thrown;
    }
    return outcome;
  }

  /** The row first, which ends whoever prepares it; files without one are found by the upkeep. */
  private void discardAfter(Throwable failure, String id) {
    suppressing(failure, () -> store.delete(List.of(id)));
    suppressing(failure, () -> storedFiles.delete(id));
  }

  private static void suppressing(Throwable failure, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /**
   * The download of that id under that root, in any state.
   *
   * @throws LadingException {@code NOT_FOUND}
   */
  public Download find(String root, String id) {
    return store
        .find(id)
        .filter(found -> found.root().equals(root))
        .map(found -> found.at(clock.instant()))
        .orElseThrow(LadingException::noSuchDownload);
  }

  /**
   * The download of that id under that root, if it can be served.
   *
   * @throws LadingException {@code NOT_FOUND}, {@code EXPIRED}, {@code NOT_READY}, or {@code
   *     FAILED} with the reason
   */
  public Download ready(String root, String id) {
    Download download = find(root, id);
    return switch (download.state()) {
      case READY -> download;
      case EXPIRED -> throw LadingException.expired();
      case PENDING, CREATING_MANIFEST ->
          throw new LadingException(
              ErrorCode.NOT_READY, "Manifest is not yet ready for this archive");
      case MISSING_OR_INVALID_TARGETS, FAILED -> throw failed(download);
    };
  }

  private static LadingException failed(Download download) {
    Failure reason = download.failure();
    LadingException failed =
        new LadingException(
            ErrorCode.FAILED,
            "The download could not be prepared: " + (reason == null ? "" : reason.sentence()));
    return reason == null || reason.targetIndex() == null
        ? failed
        : failed.at(reason.targetIndex(), reason.path());
  }

  /**
   * Keeps what a download consists of until the lease is closed, also beyond its expiry.
   *
   * @throws LadingException {@code EXPIRED} if that is too late
   */
  public Leases.Lease hold(Download download) {
    return leases.hold(download);
  }

  /** As above, for as long as nginx may need it to make the archive of a manifest. */
  public void holdForManifest(Download download) {
    leases.holdForManifest(download);
  }

  /** Throws {@code CHANGED} if a source changed since the entries of a download were made. */
  public void requireUnchanged(Download download) {
    Set<String> roots = download.totals().roots();
    if (roots == null || manifests.canTellChanges(roots)) {
      manifests.requireUnchanged(store.entries(download, 0));
    }
  }

  /** The entries of a download that is ready, in order, read while the caller iterates. */
  public Iterator<Entry> entries(Download download) {
    return entries(download, 0);
  }

  /** As above, from the given entry on, counted from 0. */
  public Iterator<Entry> entries(Download download, long first) {
    return store.entries(download, first);
  }

  /** See {@link DownloadStore#pointBefore}. */
  public ArchivePoint pointBefore(Download download, long offset) {
    return store.pointBefore(download, offset);
  }

  /** See {@link DownloadStore#pointBeforeCentral}. */
  public ArchivePoint pointBeforeCentral(Download download, long central) {
    return store.pointBeforeCentral(download, central);
  }
}
