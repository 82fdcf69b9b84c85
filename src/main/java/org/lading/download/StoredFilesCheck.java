package org.lading.download;

import java.util.List;
import java.util.function.BooleanSupplier;
import org.lading.base.PrintableText;
import org.lading.manifest.StoredFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether the literals and links of ready downloads are there, which somebody may have
 * removed, or not have restored with the database.
 */
public final class StoredFilesCheck {
  private static final Logger log = LoggerFactory.getLogger(StoredFilesCheck.class);

  private static final int BATCH_SIZE = 100;

  /** The maximum number of downloads that are named in the log. */
  private static final int MAX_NAMED = 100;

  private final DownloadStore store;
  private final StoredFiles storedFiles;
  private volatile long incomplete;

  /** Makes a check of the downloads in a store. */
  public StoredFilesCheck(DownloadStore store, StoredFiles storedFiles) {
    this.store = store;
    this.storedFiles = storedFiles;
  }

  /** Returns the number of downloads that lacked files when they were last looked at. */
  public long incomplete() {
    return incomplete;
  }

  /** Looks at all downloads, until {@code stopping} becomes true. */
  public void run(BooleanSupplier stopping) {
    long found = 0;
    String last = "";
    List<DownloadStore.StoredCount> batch;
    do {
      batch = store.storedCounts(last, BATCH_SIZE);
      for (DownloadStore.StoredCount one : batch) {
        last = one.id();
        if (isIncomplete(one)) {
          found++;
          if (found <= MAX_NAMED) {
            log.warn(
                "Download {} lacks literals or links in the storage", PrintableText.ofId(one.id()));
          }
        }
      }
    } while (batch.size() == BATCH_SIZE && !stopping.getAsBoolean());
    incomplete = found;
  }

  /** One that was removed meanwhile is not incomplete. */
  private boolean isIncomplete(DownloadStore.StoredCount one) {
    return storedFiles.count(one.id(), one.attempt()) < one.files()
        && store.find(one.id()).filter(found -> found.state() == Download.State.READY).isPresent();
  }
}
