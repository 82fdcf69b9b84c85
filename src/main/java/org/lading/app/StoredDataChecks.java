package org.lading.app;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.lading.download.DownloadParts;
import org.lading.download.DownloadStore;
import org.lading.download.ExpiredDownloadRemover;
import org.lading.download.StoredFilesCheck;
import org.lading.error.FaultLog;
import org.lading.manifest.StoredFiles;
import org.lading.store.Database;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks whether the database and the files of downloads are whole, and reports what is not. */
final class StoredDataChecks {
  private static final Logger log = LoggerFactory.getLogger(StoredDataChecks.class);

  private static final Duration UPKEEP_PAUSE = Duration.ofHours(1);

  private final Database database;
  private final DownloadStore store;
  private final StoredFiles storedFiles;
  private final StoredFilesCheck files;
  private final ExpiredDownloadRemover remover;
  private final NodeClock time;
  private final BooleanSupplier stopping;

  /** Makes the checks of one node, which end soon when it stops. */
  StoredDataChecks(
      Database database,
      DownloadParts parts,
      ExpiredDownloadRemover remover,
      NodeClock time,
      BooleanSupplier stopping) {
    this.database = database;
    this.store = parts.store();
    this.storedFiles = parts.storedFiles();
    this.files = new StoredFilesCheck(parts.store(), parts.storedFiles());
    this.remover = remover;
    this.time = time;
    this.stopping = stopping;
  }

  /**
   * Checks every hour, and now on one of the threads.
   *
   * @param isFirst whether nothing was checked yet in this process
   */
  void start(PeriodicTasks tasks, Executor threads, boolean isFirst) {
    tasks.repeat(UPKEEP_PAUSE, this::checkFiles);
    if (isFirst) {
      threads.execute(this::checkOnce);
    }
  }

  /** Reads the database, which may take minutes, and then looks at the files. */
  private void checkOnce() {
    try {
      database.check();
      checkFiles();
    } catch (RuntimeException e) {
      FaultLog.warn(log, "What is stored could not be checked", e);
    }
  }

  /**
   * Removes files that no download needs, since the storage may be this node's alone, and looks
   * whether those of all ready downloads are there.
   */
  private void checkFiles() {
    remover.removeOrphans(stopping);
    files.run(stopping);
  }

  /**
   * Returns how far the clocks differ; throws {@code STORAGE_UNAVAILABLE} if the database does not
   * answer or is damaged.
   */
  Map<String, Object> databaseReport() {
    store.check();
    database.requireNoDamage();
    return time.report();
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
