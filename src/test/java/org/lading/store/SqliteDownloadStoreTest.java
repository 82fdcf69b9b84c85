package org.lading.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.download.Download;
import org.lading.download.DownloadStore;
import org.lading.download.DownloadStoreContract;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/** The contract of stores, kept by the embedded database. */
class SqliteDownloadStoreTest extends DownloadStoreContract {
  @TempDir Path directory;
  private Database database;
  private DownloadStore store;

  @BeforeEach
  void open() {
    database = Database.openEmbedded(directory.resolve("database"));
    store = new JdbcDownloadStore(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Override
  protected DownloadStore store() {
    return store;
  }

  @Test
  void closedDatabase_isUnavailable() {
    database.close();
    assertThatThrownBy(() -> store.find("a"))
        .isInstanceOfSatisfying(
            LadingException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_UNAVAILABLE));
  }

  @Test
  void whatWasStored_isInTheFilesAtOnce() throws Exception {
    Download download = download("a", null);
    store.insert(download, Collections.emptyIterator(), SHARE);

    Path copy = Files.createDirectories(directory.resolve("copy"));
    copyAll(directory.resolve("database"), copy);

    try (Database afterACrash = Database.openEmbedded(copy)) {
      assertThat(new JdbcDownloadStore(afterACrash).find("a")).contains(download);
    }
  }

  /** In another process: if this one closed the files, SQLite would lose its locks on them. */
  private static void copyAll(Path from, Path to) throws Exception {
    Process copying = new ProcessBuilder("cp", "-r", from + "/.", to.toString()).start();
    assertThat(copying.waitFor()).isZero();
  }

  @Test
  void directory_isClosedToOthers() throws IOException {
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("database"))))
        .isEqualTo("rwx------");
  }

  @Test
  void reopenedDatabase_needsNoMigration() {
    database.close();
    open();
    store.check();
  }
}
