package org.lading.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.postgresql.Driver;

/** A real PostgreSQL of its own on a free loopback port, shared by the tests of this process. */
public final class PostgresServer {
  /** The user that may do everything. */
  public static final String USER = "postgres";

  private static final AtomicInteger databases = new AtomicInteger();

  private static EmbeddedPostgres server;

  private PostgresServer() {}

  /** Starts it, unless it runs already. */
  static synchronized void start() throws IOException, SQLException {
    if (server == null) {
      // The fixture asks the DriverManager, where a database that was closed has deregistered it.
      DriverManager.registerDriver(new Driver());
      // It stops by itself when this process ends. Not every machine has the locale of its user.
      server =
          EmbeddedPostgres.builder()
              .setServerConfig("fsync", "off")
              .setLocaleConfig("locale", "C")
              .start();
    }
  }

  /** The JDBC URL, for {@link #USER} without a password, of an empty database. */
  public static synchronized String newDatabase() {
    try {
      start();
      String name = "lading" + databases.incrementAndGet();
      String base = "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/";
      Properties login = new Properties();
      login.setProperty("user", USER);
      try (Connection connection = new Driver().connect(base + USER, login);
          Statement statement = connection.createStatement()) {
        statement.execute("create database " + name);
      }
      return base + name;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The argument that names a database to the programs of PostgreSQL. */
  public static String connection(String url) {
    return "--dbname=postgresql://" + USER + "@" + url.substring("jdbc:postgresql://".length());
  }
}
