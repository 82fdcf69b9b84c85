package org.lading.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.download.DownloadStore;
import org.lading.download.DownloadStoreContract;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/** The contract of stores, kept by the embedded database. */
class H2DownloadStoreTest extends DownloadStoreContract {
  @TempDir Path directory;
  private Database database;
  private DownloadStore store;

  @BeforeEach
  void open() {
    database = Database.openEmbedded(directory.resolve("database"));
    store = new JdbcDownloadStore(database.jdbi());
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

  @Test
  void otherKindsOfDatabase_areRefused() {
    assertThatThrownBy(() -> Database.open("jdbc:oracle:x", null, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("H2");
  }
}
