package org.lading.download;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.lading.manifest.ManifestService;
import org.lading.manifest.StoredFiles;

/**
 * The collaborators that the service and the preparer of downloads share.
 *
 * @param store the downloads
 * @param storedFiles the literals and links of downloads
 * @param manifests makes entries of targets
 * @param waiters the clients that wait for downloads to be prepared
 * @param visitors what visitors of public roots may have
 * @param observer is told what happens to downloads
 * @param clock the clock
 */
public record DownloadParts(
    DownloadStore store,
    StoredFiles storedFiles,
    ManifestService manifests,
    PreparationWaiters waiters,
    Visitors visitors,
    DownloadObserver observer,
    Clock clock) {
  /** Returns the time in milliseconds, as the store keeps it. */
  public Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
