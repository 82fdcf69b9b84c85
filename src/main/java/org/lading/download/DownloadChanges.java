package org.lading.download;

import org.lading.base.PrintableText;
import org.lading.error.ErrorCode;
import org.lading.error.FaultLog;
import org.lading.error.LadingException;
import org.lading.manifest.SourceChanges;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds, and stores, that sources of downloads have changed since these were prepared. */
public final class DownloadChanges {
  private static final Logger log = LoggerFactory.getLogger(DownloadChanges.class);

  private final DownloadParts parts;
  private final DownloadStore store;

  /** Makes one for the downloads of a store. */
  public DownloadChanges(DownloadParts parts) {
    this.parts = parts;
    this.store = parts.store();
  }

  /** Returns whether {@link #requireUnchanged} can find a change. */
  public boolean canDetectChanges(Download download) {
    return parts.manifests().canDetectChanges(download.totals().roots());
  }

  /**
   * Throws {@code CHANGED} if a source changed since the entries of a download were made, and
   * stores which ones did.
   */
  public void requireUnchanged(Download download) {
    SourceChanges known = download.changes();
    SourceChanges found =
        parts.manifests().changes(store.entries(download, 0), known != null && known.isFull());
    if (found != null) {
      noteChanges(download, found);
      throw LadingException.changed("The file", found.names().get(0), null);
    }
  }

  /**
   * Stores that a failure showed the change of a source, if it did.
   *
   * @param failure the failure that somebody met who read the archive
   */
  public void noteFailure(Download download, Throwable failure) {
    if (failure instanceof LadingException known
        && known.code() == ErrorCode.CHANGED
        && known.file() != null) {
      noteChanges(download, SourceChanges.of(known.file()));
    }
  }

  /** Stores changes, unless the database fails: what the reader met goes on all the same. */
  private void noteChanges(Download download, SourceChanges found) {
    SourceChanges known = download.changes();
    if (known != null && known.and(found).equals(known)) {
      return;
    }
    try {
      if (store.addChanges(download.id(), found)) {
        parts.observer().changed(download, found.count());
      }
    } catch (RuntimeException e) {
      FaultLog.warn(
          log,
          "Download " + PrintableText.ofId(download.id()) + ": that sources changed is not stored",
          e);
    }
  }
}
