package org.lading.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import org.flywaydb.core.Flyway;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.jdbcx.JdbcDataSource;
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
  void downloadOfAnEarlierVersion_isRead_andKeepsItsRootsUnknown() throws SQLException {
    Path earlier = directory.resolve("earlier");
    JdbcDataSource source = new JdbcDataSource();
    source.setUrl(Database.embeddedUrl(earlier));
    source.setUser("lading");
    source.setPassword("");
    Flyway.configure().dataSource(source).target("3").load().migrate();
    try (Connection connection = source.getConnection();
        Statement sql = connection.createStatement();
        PreparedStatement chunk =
            connection.prepareStatement(
                "insert into entry_chunk (download_id, first_entry, entry_count, archive_offset,"
                    + " central_offset, data) values ('old', 0, 4, 0, 0, ?)")) {
      sql.execute(
          "insert into download (id, root, state, created_at, expires_at, due_at, entry_count,"
              + " file_count, byte_count, mod_zip_length, archive_length, end_offset, end_central,"
              + " fingerprint) values ('old', 'root', 'READY', current_timestamp,"
              + " current_timestamp, current_timestamp, 4, 3, 5, 6, 7, 8, 9, 'f')");
      chunk.setBytes(1, EntryCodecTest.FIRST_VERSION);
      chunk.execute();
    }
    try (Database updated = Database.openEmbedded(earlier)) {
      DownloadStore store = new JdbcDownloadStore(updated.jdbi());
      Download download = store.find("old").orElseThrow();
      assertThat(download.totals().roots()).isNull();
      List<String> names = new ArrayList<>();
      store.entries(download, 0).forEachRemaining(entry -> names.add(entry.name()));
      assertThat(names)
          .containsExactly(
              "top/a.tif", "top/B\u00fccher \ud83d\ude00.pdf", "top/note.txt", "top/empty");
    }
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
