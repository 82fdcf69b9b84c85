package org.lading.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Collections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.download.Download;
import org.lading.download.DownloadStore;
import org.lading.download.DownloadStoreContract;
import org.lading.download.Lane;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.testing.LogLines;
import org.lading.testing.TestDatabase;

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
  void threadThatIsInterrupted_disturbsNobody() {
    store.insert(download("a", null), Collections.emptyIterator(), 1);
    for (int i = 0; i < 50; i++) {
      Thread.currentThread().interrupt();
      try {
        store.begin("a", Lane.QUICK, Instant.now());
        store.find("a");
      } catch (LadingException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_UNAVAILABLE);
      } finally {
        assertThat(Thread.interrupted()).as("still interrupted").isTrue();
      }
    }
    store.insert(download("b", null), Collections.emptyIterator(), 1);
    assertThat(store.find("a")).isPresent();
    assertThat(file().texts("pragma integrity_check")).containsExactly("ok");
  }

  @Test
  void log_staysSmall_andIsEmptiedWhenALongReaderEnds() throws SQLException, IOException {
    Path wal = directory.resolve("database/lading.db-wal");
    try (LogLines log = new LogLines();
        Connection writing = file().connect();
        Statement writer = writing.createStatement()) {
      writer.execute("create table ballast (bytes blob)");
      writeMuch(writer);
      assertThat(Files.size(wal)).isLessThan(16 << 20);

      try (Connection reading = file().connect();
          Statement reader = reading.createStatement()) {
        reading.setAutoCommit(false);
        assertThat(reader.executeQuery("select count(*) from ballast").next()).isTrue();
        writeMuch(writer);
        assertThat(Files.size(wal)).isGreaterThan(64 << 20);
        database.shortenLog();
        assertThat(log.warnings()).anyMatch(line -> line.contains("The write-ahead log"));
      }
      database.shortenLog();
      assertThat(wal).hasSize(0);
      assertThat(file().number("select count(*) from ballast")).isEqualTo(140);
    }
  }

  /** Writes 70 MB in transactions of 1 MB. */
  private static void writeMuch(Statement statement) throws SQLException {
    for (int i = 0; i < 70; i++) {
      statement.execute("insert into ballast values (randomblob(1000000))");
    }
  }

  private TestDatabase file() {
    return TestDatabase.embedded(directory);
  }

  @Test
  void databaseInADirectoryOfOthers_isClosedToThem() throws IOException {
    Path shared = Files.createDirectories(directory.resolve("shared"));
    Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (Database other = Database.openEmbedded(shared)) {
      new JdbcDownloadStore(other).insert(download("a", null), Collections.emptyIterator(), SHARE);
      for (String name : new String[] {"lading.db", "lading.db-wal", "lading.db-shm"}) {
        assertThat(
                PosixFilePermissions.toString(Files.getPosixFilePermissions(shared.resolve(name))))
            .as(name)
            .isEqualTo("rw-------");
      }
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(shared)))
        .isEqualTo("rwxr-xr-x");
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
