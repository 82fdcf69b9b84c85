package org.lading.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.lading.backup.ContentFiles.Copied;
import org.lading.backup.TableSchema.Table;
import org.lading.config.Configuration;
import org.lading.config.DatabaseSettings;
import org.lading.root.RootSettings;
import org.lading.root.filesystem.FilesystemRootSettings;
import org.lading.store.Database;
import org.lading.store.DatabaseExamination;
import org.lading.store.sqlite.DatabaseRestoration;

/** Puts backups and exports into the places of a Lading that has stored nothing yet. */
final class BackupReader {
  private static final String LIBRARY = "library";

  private final Configuration configuration;
  private final Consumer<String> out;

  /**
   * Makes a reader.
   *
   * @param out takes what was done, a sentence each
   */
  BackupReader(Configuration configuration, Consumer<String> out) {
    this.configuration = configuration;
    this.out = out;
  }

  /** Restores a backup; changes nothing if it is damaged, or if there is something to overwrite. */
  void restore(Path from) throws IOException, SQLException {
    DatabaseSettings settings = configuration.database();
    if (!settings.isEmbedded()) {
      throw new BackupException(
          "The settings name PostgreSQL, for which there is no backup of this kind: see"
              + " docs/backup.md");
    }
    BackupInfo info = verified(from);
    info.require(BackupInfo.Kind.SQLITE, from);
    if (Files.notExists(from.resolve(BackupMaker.DATABASE))) {
      throw new BackupException(from + " lacks " + BackupMaker.DATABASE);
    }
    Path storage = configuration.storage();
    try (DatabaseRestoration database = DatabaseRestoration.begin(settings.directory())) {
      requireEmpty(storage.resolve(ContentFiles.DIRECTORY));
      requireKnownTables(from, settings.directory().resolve(LIBRARY));
      database.prepare(
          from.resolve(BackupMaker.DATABASE), connection -> StoredContent.expire(from, connection));
      Copied copied = ContentFiles.copyForStorage(from, storage);
      if (copied.links() != info.links()) {
        throw new BackupException(from + " lacks links, which were not copied with it");
      }
      ContentFiles.install(storage);
      database.install();
    }
    out.accept(
        "Restored "
            + info.downloads()
            + " downloads as they were at "
            + info.time()
            + ", with "
            + (info.files() + info.links())
            + " literals and links");
    remarkOnOwner(storage);
  }

  private static void requireEmpty(Path content) throws IOException {
    if (!ContentFiles.isEmpty(content)) {
      throw new BackupException(
          content + " is not empty: nothing is restored over it. Move it away first");
    }
  }

  private BackupInfo verified(Path from) throws IOException {
    long files = Checksums.verify(from, rootPaths());
    BackupInfo info = BackupInfo.read(from);
    if (files != info.files()) {
      throw new BackupException(from + " lacks files, or has some that are not its own");
    }
    return info;
  }

  /** Returns the directories of the roots, also by the names that links to them resolve to. */
  private List<Path> rootPaths() throws IOException {
    List<Path> paths = new ArrayList<>();
    for (RootSettings root : configuration.roots()) {
      if (root instanceof FilesystemRootSettings directory) {
        paths.add(directory.path());
        if (Files.exists(directory.path())) {
          paths.add(directory.path().toRealPath());
        }
      }
    }
    return paths;
  }

  /** Refuses the tables of a newer Lading. */
  private static void requireKnownTables(Path from, Path library) throws SQLException {
    try (DatabaseExamination copy = DatabaseExamination.ofEmbedded(from, library)) {
      copy.state();
    }
  }

  /** Tells if the files would not belong to the user of Lading. */
  private void remarkOnOwner(Path storage) throws IOException {
    String owner = Files.getOwner(storage).getName();
    String restored = Files.getOwner(storage.resolve(ContentFiles.DIRECTORY)).getName();
    if (!owner.equals(restored)) {
      out.accept(
          "Attention: what was restored belongs to "
              + restored
              + ", and "
              + storage
              + " to "
              + owner
              + ". Give it to the user of Lading before the start: chown -R "
              + owner
              + " "
              + storage);
    }
  }

  /** Puts an export into a database without rows: all of it, or nothing. */
  void importTables(Path from) throws IOException, SQLException {
    BackupInfo info = verified(from);
    info.require(BackupInfo.Kind.TABLES, from);
    requireEmpty();
    Path tables = from.resolve(BackupMaker.TABLES);
    try (Database database = open(info.tables())) {
      if (!database.tableVersion().equals(info.tables())) {
        throw new BackupException(
            "%s has tables of the version %s, of Lading %s. This one knows them up to version %s"
                .formatted(from, info.tables(), info.lading(), database.tableVersion()));
      }
      Copied copied = ContentFiles.add(from, configuration.storage());
      out.accept(copied.all() + " literals and links were added");
      try (Connection connection = database.dataSource().getConnection()) {
        connection.setAutoCommit(false);
        insert(connection, tables);
        StoredContent.expire(from, connection);
        connection.commit();
      }
    }
    open(null).close();
    out.accept("Imported " + info.downloads() + " downloads as they were at " + info.time());
    remarkOnOwner(configuration.storage());
  }

  private void insert(Connection connection, Path directory) throws IOException, SQLException {
    List<Table> tables = TableSchema.of(connection);
    var named = new TreeSet<>(tables.stream().map(Table::name).toList());
    var exported = new TreeSet<>(TableFile.tables(directory));
    if (!named.equals(exported)) {
      throw new BackupException(
          "The database has the tables " + named + ", and the export has " + exported);
    }
    for (Table table : tables) {
      long rows = TableFile.read(connection, table, directory);
      out.accept(table.name() + ": " + rows + " rows");
    }
    try (Statement statement = connection.createStatement()) {
      for (Table table : tables) {
        continueNumbers(statement, table);
        releaseJobs(statement, table);
      }
    }
  }

  /** Has the database give the numbers that follow those of the rows. */
  private static void continueNumbers(Statement statement, Table table) throws SQLException {
    for (TableSchema.Column column : table.columns()) {
      if (column.isNumbered()) {
        statement
            .executeQuery(
                "select setval(pg_get_serial_sequence('%1$s', '%2$s'), max(%2$s)) from %1$s having max(%2$s) is not null"
                    .formatted(table.name(), column.name()))
            .close();
      }
    }
  }

  /** Gives back the jobs of the nodes that ran when the export was made. */
  private static void releaseJobs(Statement statement, Table table) throws SQLException {
    if (table.columns().stream().anyMatch(column -> column.name().equals("picked_by"))) {
      statement.executeUpdate(
          "update "
              + table.name()
              + " set picked = false, picked_by = null, last_heartbeat = null where picked");
    }
  }

  /** Refuses a database that has rows, or that a running Lading has open. */
  private void requireEmpty() throws SQLException {
    DatabaseSettings settings = configuration.database();
    if (settings.isEmbedded() && !DatabaseExamination.isThere(settings.directory())) {
      return;
    }
    Path library = settings.directory().resolve(LIBRARY);
    try (DatabaseExamination database =
            settings.isEmbedded()
                ? DatabaseExamination.ofEmbedded(settings.directory(), library)
                : DatabaseExamination.of(url(settings), settings.user(), settings.password());
        Connection connection = database.source().getConnection()) {
      if (database.isInUse()) {
        throw new BackupException("A running Lading has the database open: stop it first");
      }
      String table = TableSchema.tableWithRows(connection);
      if (table != null) {
        throw new BackupException(
            "The database has rows, in the table "
                + table
                + " for example: nothing is imported beside them. Take a new one");
      }
    }
  }

  private Database open(@Nullable String tables) {
    DatabaseSettings settings = configuration.database();
    if (settings.isEmbedded()) {
      return tables == null
          ? Database.openEmbedded(settings.directory())
          : Database.openEmbedded(settings.directory(), tables);
    }
    return tables == null
        ? Database.open(url(settings), settings.user(), settings.password())
        : Database.open(url(settings), settings.user(), settings.password(), tables);
  }

  private static String url(DatabaseSettings settings) {
    if (settings.url() == null) {
      throw new BackupException(
          "Only the container knows the database of database.jndi: name it by database.url in a"
              + " settings file for this command");
    }
    return Objects.requireNonNull(settings.url());
  }
}
