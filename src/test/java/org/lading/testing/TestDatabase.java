package org.lading.testing;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.lading.store.Database;

/**
 * The database of a Lading under test: the embedded one, unless the system property {@value
 * #PROPERTY} is {@value #POSTGRESQL}, as {@link OnPostgres} sets it, or the test says otherwise.
 *
 * @param url its JDBC URL
 * @param user its user, without a password
 * @param settings what the configuration has to say about it
 */
public record TestDatabase(String url, String user, String settings) {
  static final String PROPERTY = "lading.testing.database";

  /** The value of {@link #PROPERTY} for a database of {@link PostgresServer}. */
  static final String POSTGRESQL = "postgresql";

  /** A server that is started again in its directory finds its database again. */
  private static final Map<Path, String> postgresUrls = new ConcurrentHashMap<>();

  /** The embedded database below a storage directory. */
  public static TestDatabase embedded(Path storage) {
    return new TestDatabase(Database.embeddedUrl(storage.resolve("database")), "", "");
  }

  /** The database of the Lading in a directory with these settings. */
  static TestDatabase of(Path directory, String settings) {
    if (!isEmbedded() && !settings.contains("database:")) {
      return postgres(postgresUrls.computeIfAbsent(directory, any -> PostgresServer.newDatabase()));
    }
    return embedded(directory.resolve("storage"));
  }

  /** A PostgreSQL database by its URL. */
  public static TestDatabase postgres(String url) {
    String settings = "database: {url: \"%s\", user: %s}\n".formatted(url, PostgresServer.USER);
    return new TestDatabase(url, PostgresServer.USER, settings);
  }

  /**
   * A connection beside those of the application, with the same library of SQLite: of two libraries
   * in one process, one would end the locks of the other.
   */
  public Connection connect() throws SQLException {
    Properties login = new Properties();
    login.setProperty("user", user);
    login.setProperty("password", "");
    Driver driver = isPostgres() ? new org.postgresql.Driver() : new org.sqlite.JDBC();
    return driver.connect(url, login);
  }

  /** Whether servers have the embedded database, unless their settings name another one. */
  public static boolean isEmbedded() {
    return !POSTGRESQL.equals(System.getProperty(PROPERTY));
  }

  private boolean isPostgres() {
    return url.startsWith("jdbc:postgresql:");
  }

  /** A time as SQL of this database. */
  public String time(Instant time) {
    return isPostgres()
        ? "timestamp with time zone '" + time + "'"
        : Long.toString(time.toEpochMilli());
  }

  /** The time that an expression of SQL has, in milliseconds since 1970. */
  public String millis(String expression) {
    return isPostgres()
        ? "cast(extract(epoch from " + expression + ") * 1000 as bigint)"
        : expression;
  }

  /** The first column of what a query finds. */
  public List<String> texts(String query) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      List<String> texts = new ArrayList<>();
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
      return texts;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The first of them, a number. */
  public long number(String query) {
    return Long.parseLong(texts(query).get(0));
  }
}
