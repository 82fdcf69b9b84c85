package org.lading.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.Iterator;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.lading.base.BuildVersion;
import org.lading.config.Configuration;
import org.lading.config.DatabaseSettings;
import org.lading.store.DatabaseExamination;

/** Makes backups and exports of what a Lading has stored, which may be running. */
final class BackupMaker {
  /** The database in a backup, named as in the database directory. */
  static final String DATABASE = "lading.db";

  /** The directory of the tables in an export. */
  static final String TABLES = "tables";

  private static final String LIBRARY = "library";

  private final Configuration configuration;
  private final Clock clock;
  private final Consumer<String> out;

  /**
   * Makes a maker.
   *
   * @param out takes what was done, a sentence each
   */
  BackupMaker(Configuration configuration, Clock clock, Consumer<String> out) {
    this.configuration = configuration;
    this.clock = clock;
    this.out = out;
  }

  /** Copies the embedded database and its content into a directory, which is made. */
  void backUp(Path to) throws IOException, SQLException {
    DatabaseSettings settings = configuration.database();
    if (!settings.isEmbedded()) {
      throw new BackupException(
          "The database is PostgreSQL: back it up with pg_dump (see docs/backup.md). export makes a"
              + " copy that import puts into either database");
    }
    requireDatabase(settings.directory());
    make(to);
    Instant time = clock.instant();
    try (DatabaseExamination live =
        DatabaseExamination.ofEmbeddedInUse(settings.directory(), to.resolve(LIBRARY))) {
      Path copy = Files.createFile(to.resolve(DATABASE));
      try (Connection connection = live.source().getConnection();
          Statement statement = connection.createStatement()) {
        // A snapshot, for which no writer waits; free pages and what was deleted stay out.
        statement.execute("vacuum into '" + copy.toString().replace("'", "''") + "'");
      }
      Checksums.force(copy);
      try (DatabaseExamination snapshot = DatabaseExamination.ofEmbedded(to, to.resolve(LIBRARY))) {
        String version = snapshot.tableVersion();
        try (Connection connection = snapshot.source().getConnection()) {
          finish(to, BackupInfo.Kind.SQLITE, time, version, connection, live);
        }
      }
    }
  }

  /** Writes all tables and the content into a directory, which is made. */
  void export(Path to) throws IOException, SQLException {
    DatabaseSettings settings = configuration.database();
    if (settings.isEmbedded()) {
      requireDatabase(settings.directory());
    }
    make(to);
    Instant time = clock.instant();
    try (DatabaseExamination live = open(settings, to)) {
      String version = live.tableVersion();
      try (Connection snapshot = live.source().getConnection()) {
        snapshot.setAutoCommit(false);
        if (!settings.isEmbedded()) {
          snapshot.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        }
        Path tables = closed(to.resolve(TABLES));
        for (TableSchema.Table table : TableSchema.of(snapshot)) {
          long rows = TableFile.write(snapshot, table, tables);
          out.accept(table.name() + ": " + rows + " rows");
        }
        finish(to, BackupInfo.Kind.TABLES, time, version, snapshot, live);
        snapshot.rollback();
      }
    }
  }

  private static DatabaseExamination open(DatabaseSettings settings, Path to) {
    if (settings.jndi() != null) {
      throw new BackupException(
          "Only the container knows the database of database.jndi: name it by database.url in a"
              + " settings file for this command");
    }
    return settings.isEmbedded()
        ? DatabaseExamination.ofEmbeddedInUse(settings.directory(), to.resolve(LIBRARY))
        : DatabaseExamination.ofAllRows(
            Objects.requireNonNull(settings.url()), settings.user(), settings.password());
  }

  private static void requireDatabase(Path directory) {
    if (!DatabaseExamination.isThere(directory)) {
      throw new BackupException("There is no database in " + directory);
    }
  }

  private static void make(Path to) throws IOException {
    if (!ContentFiles.isEmpty(to)) {
      throw new BackupException(
          to + " is not empty: each backup has a directory of its own, which is made");
    }
    closed(to);
  }

  private static Path closed(Path directory) throws IOException {
    Files.createDirectories(directory);
    return Files.setPosixFilePermissions(directory, ContentFiles.CLOSED.directories());
  }

  /** Copies the content, and writes what makes the directory a backup. */
  private void finish(
      Path to,
      BackupInfo.Kind kind,
      Instant time,
      String tables,
      Connection snapshot,
      DatabaseExamination live)
      throws IOException, SQLException {
    closed(to.resolve(ContentFiles.DIRECTORY));
    Path storage = configuration.storage();
    StoredContent content =
        new StoredContent(live.source(), storage.resolve(ContentFiles.DIRECTORY), to);
    content.copy(snapshot);
    ContentFiles.Copied copied = content.copied();
    long downloads = downloads(snapshot);
    new BackupInfo(
            kind,
            BuildVersion.OF_THIS_BUILD,
            tables,
            time.toString(),
            downloads,
            copied.files(),
            copied.links())
        .write(to);
    closeFiles(to);
    Checksums.write(to);
    closeFiles(to);
    out.accept(
        to
            + " has "
            + downloads
            + " downloads, with "
            + copied.all()
            + " literals and links"
            + content.remark());
  }

  private static long downloads(Connection snapshot) throws SQLException {
    try (Statement statement = snapshot.createStatement();
        ResultSet rows = statement.executeQuery("select count(*) from download")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /** Closes the files of the backup itself to others; those of the content are. */
  private static void closeFiles(Path backup) throws IOException {
    try (Stream<Path> files = Files.walk(backup, 2)) {
      for (Iterator<Path> each = files.iterator(); each.hasNext(); ) {
        Path file = each.next();
        if (Checksums.isOwnFile(file)) {
          Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
      }
    }
  }
}
