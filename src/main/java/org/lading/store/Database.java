package org.lading.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Collections;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An open database with the tables of this version. */
public final class Database implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Database.class);

  private static final String POSTGRESQL = "jdbc:postgresql:";
  private static final String POOL = "lading";
  private static final long PATIENCE_NANOS = 500_000_000;
  private static final int MAX_CONNECTIONS = 10;
  private static final long CONNECTION_TIMEOUT_MILLIS = 10_000;

  private final DataSource dataSource;
  private final @Nullable HikariDataSource pool;

  private Database(DataSource dataSource, @Nullable HikariDataSource pool) {
    this.dataSource = dataSource;
    this.pool = pool;
    Flyway.configure(Database.class.getClassLoader())
        .dataSource(dataSource)
        .locations("classpath:db/migration")
        .load()
        .migrate();
  }

  /**
   * Returns the URL of an embedded H2 database in a directory, which one process at a time can
   * open.
   */
  public static String embeddedUrl(Path directory) {
    // The application closes it: H2's own shutdown hook would outlive an undeployed application.
    // Nothing is answered before it is written: H2 would wait, and lose it if the process dies or
    // the disk is full.
    return "jdbc:h2:file:"
        + directory.resolve("lading").toAbsolutePath()
        + ";DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0";
  }

  /** Opens the embedded database in a directory that only this process's user may enter. */
  public static Database openEmbedded(Path directory) {
    try {
      Files.createDirectories(directory);
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    } catch (IOException e) {
      throw new LadingException(
          ErrorCode.STORAGE_UNAVAILABLE, "The database directory cannot be made", e);
    }
    return open(embeddedUrl(directory), "lading", "");
  }

  /** Opens a database by its URL, with a pool of its own; makes or updates the tables. */
  public static Database open(String url, @Nullable String user, @Nullable String password) {
    HikariConfig config = new HikariConfig();
    config.setPoolName(POOL);
    config.setDriverClassName(driverOf(url));
    config.setJdbcUrl(url);
    config.setUsername(user);
    config.setPassword(password);
    if (url.startsWith(POSTGRESQL)) {
      // Parameters of the URL take precedence. A server that does not answer must not block threads
      // for ever.
      config.addDataSourceProperty("connectTimeout", "10");
      config.addDataSourceProperty("socketTimeout", "60");
      config.addDataSourceProperty("tcpKeepAlive", "true");
    }
    config.setMaximumPoolSize(MAX_CONNECTIONS);
    config.setConnectionTimeout(CONNECTION_TIMEOUT_MILLIS);
    HikariDataSource pool = null;
    try {
      pool = new HikariDataSource(config);
      return new Database(pool, pool);
    } catch (RuntimeException e) {
      if (pool != null) {
        pool.close();
      }
      deregisterDrivers();
      throw e;
    }
  }

  /**
   * Returns the class name of a URL's driver, because a container's DriverManager does not look
   * into web applications.
   */
  private static String driverOf(String url) {
    if (url.startsWith("jdbc:h2:")) {
      return "org.h2.Driver";
    }
    if (url.startsWith(POSTGRESQL)) {
      return "org.postgresql.Driver";
    }
    throw new IllegalArgumentException(
        "database.url is neither that of an H2 database nor that of a PostgreSQL database");
  }

  /**
   * Opens the database of a container's DataSource, which is not closed here; makes or updates the
   * tables.
   */
  public static Database using(DataSource dataSource) {
    return new Database(dataSource, null);
  }

  /** Returns the source of connections to the database. */
  public DataSource dataSource() {
    return dataSource;
  }

  /** Returns the object that runs SQL on the database. */
  public Jdbi jdbi() {
    Jdbi jdbi = Jdbi.create(this::connection);
    if (pool != null) {
      jdbi.setSqlLogger(new DatabaseReopener(pool));
    }
    return jdbi;
  }

  /**
   * Returns a connection that commits by itself: a container's pool may have that switched off,
   * which would leave transactions open.
   */
  private Connection connection() throws SQLException {
    Connection connection = dataSource.getConnection();
    connection.setAutoCommit(true);
    return connection;
  }

  @Override
  public void close() {
    if (pool != null) {
      pool.close();
      joinPoolThreads();
      deregisterDrivers();
    }
  }

  /**
   * Waits for the pool's threads, which the pool does not: a container would report them as leaks.
   */
  private static void joinPoolThreads() {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    try {
      for (Thread thread : Thread.getAllStackTraces().keySet()) {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (thread.getName().startsWith(POOL + ":") && left > 0) {
          thread.join(left);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Deregisters the drivers, which would keep an undeployed application in memory. */
  private static void deregisterDrivers() {
    for (Driver driver : Collections.list(DriverManager.getDrivers())) {
      if (driver.getClass().getClassLoader() == Database.class.getClassLoader()) {
        try {
          DriverManager.deregisterDriver(driver);
        } catch (SQLException e) {
          log.warn("The driver {} stays registered", driver, e);
        }
      }
    }
  }
}
