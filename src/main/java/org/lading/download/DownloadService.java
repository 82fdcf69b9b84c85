package org.lading.download;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.function.Supplier;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.manifest.ArchiveLayout;
import org.lading.manifest.ArchivePoint;
import org.lading.manifest.ArchiveSizer;
import org.lading.manifest.Entry;
import org.lading.manifest.ManifestService;
import org.lading.manifest.StoredFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes downloads, and finds them again for whoever has their id. */
public final class DownloadService {
  private static final Logger log = LoggerFactory.getLogger(DownloadService.class);

  private final DownloadStore store;
  private final ManifestService manifests;
  private final StoredFiles storedFiles;
  private final Supplier<ArchiveSizer> modZipSizers;
  private final Supplier<ArchiveLayout> layouts;
  private final Supplier<String> ids;
  private final Clock clock;
  private final int retentionDays;

  /**
   * A service over a store.
   *
   * @param modZipSizers gives a new sizer for each archive, as mod_zip makes it
   * @param layouts gives a new layout for each archive, as Lading streams it itself
   * @param ids gives unguessable ids
   * @param retentionDays the days after which a download is deleted at the latest
   */
  public DownloadService(
      DownloadStore store,
      ManifestService manifests,
      StoredFiles storedFiles,
      Supplier<ArchiveSizer> modZipSizers,
      Supplier<ArchiveLayout> layouts,
      Supplier<String> ids,
      Clock clock,
      int retentionDays) {
    this.store = store;
    this.manifests = manifests;
    this.storedFiles = storedFiles;
    this.modZipSizers = modZipSizers;
    this.layouts = layouts;
    this.ids = ids;
    this.clock = clock;
    this.retentionDays = retentionDays;
  }

  /** Makes the entries of a request; after a failure no row, file or link of it is left. */
  public Download create(CreateRequest request) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    long days = Math.min(request.timeoutDays().orElse(retentionDays), retentionDays);
    Download download =
        new Download(
            ids.get(),
            request.root(),
            request.manifest().zipName(),
            Download.State.CREATING_MANIFEST,
            now,
            now.plus(Duration.ofDays(days)),
            Download.Totals.NONE);
    store.insert(download);
    try {
      Download ready = download.ready(makeEntries(download.id(), request));
      store.markReady(ready);
      return ready;
    } catch (RuntimeException | Error e) {
      discardAfter(e, download.id());
      throw e;
    }
  }

  private Download.Totals makeEntries(String id, CreateRequest request) {
    TotalsCounter counter = new TotalsCounter(modZipSizers.get(), layouts.get());
    try (DownloadStore.EntrySink sink = store.entrySink(id)) {
      manifests.make(
          id,
          request.manifest(),
          entry -> {
            sink.accept(entry, counter.point());
            counter.add(entry);
          });
    }
    return counter.totals();
  }

  private void discardAfter(Throwable failure, String id) {
    try {
      discard(id);
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /** The files first: a row without files is found again by {@link #discardUnfinished}. */
  private void discard(String id) {
    storedFiles.delete(id);
    store.delete(id);
  }

  /** Removes what a node that died left half-made; to be called before requests are served. */
  public void discardUnfinished() {
    for (String id : store.unfinished()) {
      log.warn("Download {} was left half-made and is removed", id);
      discard(id);
    }
  }

  /**
   * The download of that id under that root, in any state.
   *
   * @throws LadingException {@code NOT_FOUND}, or {@code EXPIRED}
   */
  public Download find(String root, String id) {
    Download download =
        store
            .find(id)
            .filter(found -> found.root().equals(root))
            .orElseThrow(
                () -> new LadingException(ErrorCode.NOT_FOUND, "Requested archive not found"));
    if (!clock.instant().isBefore(download.expires())) {
      throw new LadingException(ErrorCode.EXPIRED, "The download expired");
    }
    return download;
  }

  /**
   * The download of that id under that root, if it can be served.
   *
   * @throws LadingException {@code NOT_FOUND}, {@code EXPIRED}, or {@code NOT_READY}
   */
  public Download ready(String root, String id) {
    Download download = find(root, id);
    if (download.state() != Download.State.READY) {
      throw new LadingException(ErrorCode.NOT_READY, "Manifest is not yet ready for this archive");
    }
    return download;
  }

  /** Throws {@code CHANGED} if a source changed since the entries of a download were made. */
  public void requireUnchanged(Download download) {
    manifests.requireUnchanged(store.entries(download, 0));
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
