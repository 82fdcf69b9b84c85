package org.lading.app;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.lading.download.DownloadStore;
import org.lading.download.StoredFilesCheck;
import org.lading.manifest.StoredFiles;
import org.lading.store.Database;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks whether the database and the files of downloads are whole, and reports what is not. */
final class StoredDataChecks {
  private static final Logger log = LoggerFactory.getLogger(StoredDataChecks.class);

  private final Database database;
  private final DownloadStore store;
  private final StoredFiles storedFiles;
  private final StoredFilesCheck files;
  private final BooleanSupplier stopping;

  /** Makes the checks of one node, which end soon when it stops. */
  StoredDataChecks(
      Database database, DownloadStore store, StoredFiles storedFiles, BooleanSupplier stopping) {
    this.database = database;
    this.store = store;
    this.storedFiles = storedFiles;
    this.files = new StoredFilesCheck(store, storedFiles);
    this.stopping = stopping;
  }

  /** Reads the database, which may take minutes, and then looks at the files. */
  void checkOnce() {
    try {
      database.check();
      checkFiles();
    } catch (RuntimeException e) {
      log.warn("What is stored could not be checked", e);
    }
  }

  /** Looks whether the files of all ready downloads are there. */
  void checkFiles() {
    files.run(stopping);
  }

  /**
   * Returns nothing; throws {@code STORAGE_UNAVAILABLE} if the database does not answer or is
   * damaged.
   */
  Map<String, Object> databaseReport() {
    store.check();
    database.requireNoDamage();
    return Map.of();
  }

  /**
   * Returns the state of the storage directory; throws {@code STORAGE_UNAVAILABLE} if it is full.
   */
  Map<String, Object> storageReport() {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("free_bytes", storedFiles.requireFreeSpace());
    if (files.incomplete() > 0) {
      report.put("incomplete_downloads", files.incomplete());
    }
    return report;
  }
}
