package org.lading.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Properties;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
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
  void whatWasStored_isOnDiskAtOnce() throws IOException {
    Download download = download("a", null);
    store.insert(download, Collections.emptyIterator());

    Path copy = Files.createDirectories(directory.resolve("copy"));
    Files.copy(directory.resolve("database/lading.mv.db"), copy.resolve("lading.mv.db"));

    try (Database afterACrash = Database.openEmbedded(copy)) {
      assertThat(new JdbcDownloadStore(afterACrash.jdbi()).find("a")).contains(download);
    }
  }

  @Test
  void databaseThatStopped_isOpenedAgain() throws SQLException {
    Download download = download("a", null);
    store.insert(download, Collections.emptyIterator());
    stop();
    assertThatThrownBy(() -> store.find("a")).isInstanceOf(LadingException.class);

    await(() -> store.find("a"));

    assertThat(store.find("a")).contains(download);
    store.insert(download("b", null), Collections.emptyIterator());
  }

  /** As H2 itself does after a write that failed. */
  private void stop() throws SQLException {
    String url = Database.embeddedUrl(directory.resolve("database"));
    Properties login = new Properties();
    login.setProperty("user", "lading");
    login.setProperty("password", "");
    try (Connection connection = new org.h2.Driver().connect(url, login)) {
      SessionLocal session = (SessionLocal) connection.unwrap(JdbcConnection.class).getSession();
      session.getDatabase().getStore().getMvStore().closeImmediately();
    }
  }

  /** Connections that were open when the database stopped may fail once each. */
  private static void await(Runnable call) {
    for (int attempt = 1; ; attempt++) {
      try {
        call.run();
        return;
      } catch (LadingException e) {
        if (attempt == 20) {
          throw e;
        }
      }
    }
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
