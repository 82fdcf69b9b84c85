package org.lading.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.lading.error.ErrorCode;
import org.lading.error.FaultLog;
import org.lading.error.LadingException;
import org.lading.store.sqlite.EmbeddedDatabase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An open database with the tables of this version: the embedded one, or one in PostgreSQL. */
public final class Database implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Database.class);

  private static final String PRODUCT = "PostgreSQL";

  /** What the names of the threads of every pool begin with. */
  private static final String POOL = "lading";

  private static final long PATIENCE_NANOS = 500_000_000;
  private static final int MAX_CONNECTIONS = 10;
  private static final int CHECK_SECONDS = 2;
  private static final long CONNECTION_TIMEOUT_MILLIS = 10_000;

  private final Dialect dialect;
  private final DataSource reader;
  private final DataSource writer;
  private final @Nullable AutoCloseable opened;
  private final Outage outage;

  private Database(
      String place,
      Dialect dialect,
      DataSource reader,
      DataSource writer,
      @Nullable AutoCloseable opened,
      String version) {
    this.outage = new Outage(place, System::nanoTime);
    this.dialect = dialect;
    this.reader = reader;
    this.writer = writer;
    this.opened = opened;
    Migrations.run(writer, dialect, version);
  }

  /** Returns the JDBC URL of the embedded database in a directory. */
  public static String embeddedUrl(Path directory) {
    return EmbeddedDatabase.url(directory);
  }

  /** Opens the embedded database in a directory that only this process's user may enter. */
  public static Database openEmbedded(Path directory) {
    return openEmbedded(directory, Migrations.LATEST);
  }

  /**
   * As above, with the tables of an earlier version, which are made; or with those of this version,
   * if it does not know the other one.
   */
  public static Database openEmbedded(Path directory, String version) {
    EmbeddedDatabase embedded = null;
    try {
      embedded = EmbeddedDatabase.open(directory);
      String place = "database.directory: " + directory;
      return new Database(
          place, Dialect.SQLITE, embedded.reader(), embedded.writer(), embedded, version);
    } catch (RuntimeException e) {
      release(embedded);
      throw e;
    }
  }

  /**
   * Opens a database in PostgreSQL by its URL; makes or updates the tables.
   *
   * @throws LadingException {@code STORAGE_UNAVAILABLE} if it gives no connection
   */
  public static Database open(String url, @Nullable String user, @Nullable String password) {
    return open(url, user, password, Migrations.LATEST);
  }

  /**
   * As above, with the tables of an earlier version, which are made; or with those of this version,
   * if it does not know the other one.
   */
  public static Database open(
      String url, @Nullable String user, @Nullable String password, String version) {
    PostgresConnections source = new PostgresConnections(url, user, password);
    source.require();
    HikariConfig config = new HikariConfig();
    config.setPoolName(POOL);
    config.setDataSource(source);
    // Whether there is a database was asked above: the pool itself would log that there is none.
    config.setInitializationFailTimeout(-1);
    config.setMaximumPoolSize(MAX_CONNECTIONS);
    config.setConnectionTimeout(CONNECTION_TIMEOUT_MILLIS);
    HikariDataSource pool = null;
    try {
      pool = new HikariDataSource(config);
      // The parameters may have a password.
      String place = "database.url: " + url.replaceFirst("\\?.*", "");
      return new Database(place, Dialect.POSTGRESQL, pool, pool, pool, version);
    } catch (RuntimeException e) {
      release(pool);
      throw e;
    }
  }

  /**
   * Opens the PostgreSQL database of a container's DataSource, which is not closed here; makes or
   * updates the tables.
   */
  public static Database using(DataSource dataSource) {
    try (Connection connection = dataSource.getConnection()) {
      String product = connection.getMetaData().getDatabaseProductName();
      if (!PRODUCT.equals(product)) {
        throw new LadingException(
            ErrorCode.NOT_CONFIGURED,
            "The DataSource leads to a database of " + product + ", not of " + PRODUCT);
      }
    } catch (SQLException e) {
      throw new LadingException(
          ErrorCode.STORAGE_UNAVAILABLE, "The container's DataSource gives no connection", e);
    }
    return new Database(
        "database.jndi", Dialect.POSTGRESQL, dataSource, dataSource, null, Migrations.LATEST);
  }

  /**
   * Returns the source of connections that may write what can be made again, such as jobs: commits
   * of the embedded database do not wait for the disk.
   */
  public DataSource dataSource() {
    return opened instanceof EmbeddedDatabase embedded ? embedded.unforcedWriter() : writer;
  }

  /** Returns the version of the tables. */
  public String tableVersion() {
    return Migrations.current(writer, dialect);
  }

  /** Notes that the database did not answer something that does not come by this class. */
  public void noteOutage(Throwable failure) {
    outage.failed(Outage.Kind.of(DatabaseFailure.sqlException(failure)), failure);
  }

  /**
   * Asks whether a database that did not answer does so again, or one that could not be written can
   * be; to be called every second.
   */
  public void endOutage() {
    Outage.Kind kind = outage.kind();
    if (kind == Outage.Kind.AWAY) {
      try (Connection connection = reader.getConnection()) {
        if (connection.isValid(CHECK_SECONDS)) {
          outage.answered();
        }
      } catch (SQLException e) {
        log.debug("The database does not answer yet", e);
      }
    } else if (kind != null) {
      probe(kind);
    }
  }

  /**
   * Writes a little. That the disk of PostgreSQL is full does not show in it: there a minute
   * without a failure has to pass first.
   */
  private void probe(Outage.Kind kind) {
    if (dialect == Dialect.POSTGRESQL && kind == Outage.Kind.FULL && !outage.isQuiet()) {
      return;
    }
    Transactions transactions = new Transactions(this);
    try {
      requireRoom();
      transactions.writeUnforced(handle -> handle.execute(dialect.smallWrite()));
    } catch (RuntimeException e) {
      log.debug("The database cannot be written yet", e);
    }
  }

  /** Throws {@code STORAGE_UNAVAILABLE} if the file system of the embedded database is full. */
  void requireRoom() {
    if (opened instanceof EmbeddedDatabase embedded) {
      try {
        embedded.requireRoom();
      } catch (LadingException e) {
        outage.failed(Outage.Kind.FULL, e);
        throw e.told();
      }
    }
  }

  /** Returns the time in which it does not answer. */
  Outage outage() {
    return outage;
  }

  /** Returns how this database's SQL differs from others'. */
  Dialect dialect() {
    return dialect;
  }

  /** Returns what reads, in statements that each commit by themselves. */
  Jdbi reader() {
    return Jdbi.create(() -> committing(reader));
  }

  /**
   * Returns what writes, in transactions.
   *
   * @param isForced whether a commit of the embedded database waits for the disk
   */
  Jdbi writer(boolean isForced) {
    DataSource source =
        !isForced && opened instanceof EmbeddedDatabase embedded
            ? embedded.unforcedWriter()
            : writer;
    Jdbi jdbi = Jdbi.create(() -> committing(source));
    if (opened instanceof EmbeddedDatabase embedded) {
      jdbi.setTransactionHandler(new ImmediateTransactions(embedded::discard));
    }
    return jdbi;
  }

  /**
   * Returns a connection that commits by itself: a container's pool may have that switched off,
   * which would leave transactions open.
   */
  private static Connection committing(DataSource source) throws SQLException {
    Connection connection = source.getConnection();
    connection.setAutoCommit(true);
    return connection;
  }

  /**
   * Checks the embedded database for damage, which takes its time; see {@link #requireNoDamage}.
   */
  public void check() {
    if (opened instanceof EmbeddedDatabase embedded) {
      embedded.check();
    }
  }

  /** Throws {@code STORAGE_UNAVAILABLE} if {@link #check} has found damage. */
  public void requireNoDamage() {
    if (opened instanceof EmbeddedDatabase embedded) {
      embedded.requireNoDamage();
    }
  }

  /**
   * Has the pools of connections register their meters, unless a container has the pool.
   *
   * @param registry a registry as {@link HikariDataSource#setMetricRegistry} takes it
   */
  public void measurePools(Object registry) {
    if (opened instanceof EmbeddedDatabase embedded) {
      embedded.measurePools(registry);
    } else if (opened instanceof HikariDataSource pool) {
      pool.setMetricRegistry(registry);
    }
  }

  /** Keeps the files of the embedded database small; to be called every few seconds. */
  public void shortenLog() {
    if (opened instanceof EmbeddedDatabase embedded) {
      try {
        embedded.shortenLog();
      } catch (LadingException e) {
        if (FaultLog.isTold(e)) {
          noteOutage(e);
        }
        throw e;
      }
    }
  }

  @Override
  public void close() {
    release(opened);
  }

  /** Closes what was opened here, and what it left in the process. */
  private static void release(@Nullable AutoCloseable opened) {
    if (opened == null) {
      deregisterDrivers();
      return;
    }
    try {
      opened.close();
    } catch (Exception e) {
      log.error("The database did not close", e);
    }
    joinPoolThreads();
    deregisterDrivers();
  }

  /**
   * Waits for the pool's threads, which the pool does not: a container would report them as leaks.
   */
  private static void joinPoolThreads() {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    try {
      for (Thread thread : Thread.getAllStackTraces().keySet()) {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (thread.getName().startsWith(POOL) && thread.getName().contains(":") && left > 0) {
          thread.join(left);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Deregisters the drivers, which would keep an undeployed application in memory. To ask for them
   * registers further ones, which only the next call returns: for each driver of another
   * application, the one of the same name here is loaded. So it is asked once for that alone.
   */
  private static void deregisterDrivers() {
    List<Driver> drivers = Collections.list(DriverManager.getDrivers());
    boolean isMore = true;
    while (isMore) {
      isMore = false;
      drivers.clear();
      drivers.addAll(Collections.list(DriverManager.getDrivers()));
      for (Driver driver : drivers) {
        if (driver.getClass().getClassLoader() == Database.class.getClassLoader()) {
          isMore |= deregister(driver);
        }
      }
    }
  }

  private static boolean deregister(Driver driver) {
    try {
      DriverManager.deregisterDriver(driver);
      return true;
    } catch (SQLException e) {
      log.warn("The driver {} stays registered", driver, e);
      return false;
    }
  }
}
