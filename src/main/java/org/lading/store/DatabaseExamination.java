package org.lading.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.jspecify.annotations.Nullable;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.store.sqlite.DatabaseView;

/** A database that is only looked at: its tables are neither made nor changed. */
public final class DatabaseExamination implements AutoCloseable {
  /** The seconds for which a question about the tables may take PostgreSQL. */
  private static final String SHORT = "10";

  /** The same for a query of all rows, of which the first ones may come late. */
  private static final String LONG = "600";

  private static final long CONNECTION_TIMEOUT_MILLIS = 10_000;
  private static final int MIN_POSTGRES_VERSION = 14;

  private final Dialect dialect;
  private final DataSource source;
  private final Runnable closer;
  private final boolean isInUse;

  private DatabaseExamination(
      Dialect dialect, DataSource source, Runnable closer, boolean isInUse) {
    this.dialect = dialect;
    this.source = source;
    this.closer = closer;
    this.isInUse = isInUse;
  }

  /** Returns whether there is an embedded database in a directory. */
  public static boolean isThere(Path directory) {
    return DatabaseView.isThere(directory);
  }

  /**
   * Opens the embedded database in a directory, also one that a running Lading has open.
   *
   * @param library the directory where the native library of SQLite is for a moment
   */
  public static DatabaseExamination ofEmbedded(Path directory, Path library) {
    return ofView(DatabaseView.open(directory, library));
  }

  /**
   * Opens the embedded database in a directory, which a running Lading may open or close meanwhile.
   *
   * @param library the directory where the native library of SQLite is for a moment
   */
  public static DatabaseExamination ofEmbeddedInUse(Path directory, Path library) {
    return ofView(DatabaseView.openInUse(directory, library));
  }

  private static DatabaseExamination ofView(DatabaseView view) {
    return new DatabaseExamination(Dialect.SQLITE, view.source(), view::close, view.isHeld());
  }

  /**
   * Opens a database in PostgreSQL by its URL.
   *
   * @throws LadingException {@code STORAGE_UNAVAILABLE} if it does not answer, or is too old
   */
  public static DatabaseExamination of(
      String url, @Nullable String user, @Nullable String password) {
    return of(url, user, password, SHORT);
  }

  /** As above, to read everything that is in it. */
  public static DatabaseExamination ofAllRows(
      String url, @Nullable String user, @Nullable String password) {
    return of(url, user, password, LONG);
  }

  private static DatabaseExamination of(
      String url, @Nullable String user, @Nullable String password, String socketTimeout) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("lading-check");
    config.setDriverClassName("org.postgresql.Driver");
    config.setJdbcUrl(url);
    config.setUsername(user);
    config.setPassword(password);
    config.addDataSourceProperty("connectTimeout", "10");
    config.addDataSourceProperty("socketTimeout", socketTimeout);
    config.setReadOnly(true);
    config.setMaximumPoolSize(2);
    config.setConnectionTimeout(CONNECTION_TIMEOUT_MILLIS);
    try {
      HikariDataSource pool = new HikariDataSource(config);
      return new DatabaseExamination(Dialect.POSTGRESQL, pool, pool::close, false);
    } catch (RuntimeException e) {
      throw unavailable("PostgreSQL gives no connection: " + reason(e), e);
    }
  }

  private static @Nullable String reason(Throwable failure) {
    Throwable deepest = failure;
    while (!(deepest instanceof SQLException) && deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return deepest.getMessage();
  }

  /** Returns the source of connections that read. */
  public DataSource source() {
    return source;
  }

  /** Returns the version of the tables. */
  public String tableVersion() {
    return Migrations.current(source, dialect);
  }

  /** Returns whether a running Lading has the embedded database open. */
  public boolean isInUse() {
    return isInUse;
  }

  /**
   * Returns a sentence about the tables: the version that they have, and what a start would do.
   *
   * @throws LadingException {@code STORAGE_UNAVAILABLE} if no Lading of this version could use them
   */
  public String state() throws SQLException {
    if (dialect == Dialect.POSTGRESQL) {
      requireNewPostgres();
    }
    Flyway flyway = Migrations.of(source, dialect).ignoreMigrationPatterns("*:pending").load();
    MigrationInfoService all = flyway.info();
    MigrationInfo current = all.current();
    if (current == null) {
      requireEmptySchema();
      return "it has no tables yet: Lading makes them when it starts";
    }
    for (MigrationInfo applied : all.applied()) {
      if (applied.getState().isFailed()) {
        throw unavailable(
            "The change of its tables to version " + applied.getVersion() + " failed");
      }
    }
    Migrations.requireNotNewer(flyway);
    var validated = flyway.validateWithResult();
    if (!validated.validationSuccessful) {
      throw unavailable(
          "Its tables are not those of this version: " + validated.getAllErrorMessages());
    }
    int pending = all.pending().length;
    return "its tables have the version "
        + current.getVersion()
        + (pending == 0 ? ", as they should" : ": Lading changes them when it starts");
  }

  private void requireNewPostgres() throws SQLException {
    try (Connection connection = source.getConnection()) {
      int version = connection.getMetaData().getDatabaseMajorVersion();
      if (version < MIN_POSTGRES_VERSION) {
        throw unavailable("It is PostgreSQL " + version + "; Lading needs 14 or later");
      }
    }
  }

  /** Refuses the tables of another application, among which none are made. */
  private void requireEmptySchema() throws SQLException {
    try (Connection connection = source.getConnection();
        ResultSet tables =
            connection
                .getMetaData()
                .getTables(
                    connection.getCatalog(), connection.getSchema(), "%", new String[] {"TABLE"})) {
      if (tables.next()) {
        throw unavailable(
            "It has tables of something else, such as "
                + tables.getString("TABLE_NAME")
                + ": Lading needs a database or a schema of its own");
      }
    }
  }

  private static LadingException unavailable(String sentence) {
    return unavailable(sentence, null);
  }

  private static LadingException unavailable(String sentence, @Nullable Exception cause) {
    return new LadingException(ErrorCode.STORAGE_UNAVAILABLE, sentence, cause);
  }

  @Override
  public void close() {
    closer.run();
  }
}
