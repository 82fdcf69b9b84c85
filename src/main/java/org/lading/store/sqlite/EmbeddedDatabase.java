package org.lading.store.sqlite;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import javax.sql.DataSource;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * An open SQLite database: one connection that writes, for which writers wait in turn, and several
 * that read beside it. What a transaction has written is on the disk when its commit returns.
 */
public final class EmbeddedDatabase implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedDatabase.class);

  /** What the names of both pools, and of their threads, begin with. */
  private static final String POOL = "lading-sqlite-";

  private static final int MAX_READERS = 10;

  /** The maximum time that a caller waits for a connection: writers wait for one another. */
  private static final int MAX_WAIT_MILLIS = 10_000;

  /** The size of the write-ahead log, in bytes, to which it is cut whenever it begins anew. */
  private static final int WAL_BYTES = 16 << 20;

  /** The room in bytes below which a usual create may not be written. */
  private static final long MIN_FREE_BYTES = 1L << 20;

  /** The size of the write-ahead log, in bytes, from which it is emptied. */
  private static final long MAX_WAL_BYTES = 4L * WAL_BYTES;

  /** The time, in milliseconds, for which all writers wait for readers while it is emptied. */
  private static final int CHECKPOINT_WAIT_MILLIS = 200;

  /** The page cache of each connection, as SQLite has it: minus its KiB. */
  private static final int READER_CACHE = -2_048;

  private static final int WRITER_CACHE = -16_384;

  /** SQLite's codes of files that it cannot read: SQLITE_CORRUPT and SQLITE_NOTADB. */
  private static final Set<Integer> NO_DATABASE = Set.of(11, 26);

  private final DatabaseDirectory directory;
  private final HikariDataSource writer;
  private final HikariDataSource readers;
  private final DatabaseCheck check;

  private EmbeddedDatabase(
      DatabaseDirectory directory, HikariDataSource writer, HikariDataSource readers) {
    this.directory = directory;
    this.writer = writer;
    this.readers = readers;
    this.check = new DatabaseCheck(readers);
  }

  /** Returns the JDBC URL of the database in a directory. */
  public static String url(Path directory) {
    return "jdbc:sqlite:" + DatabaseDirectory.file(directory);
  }

  /**
   * Opens the database in a directory, which is made if it is missing.
   *
   * @throws LadingException with a sentence for the administrator: {@code STORAGE_UNAVAILABLE}, or
   *     {@code NOT_CONFIGURED} if there is something else in it
   */
  public static EmbeddedDatabase open(Path directory) {
    DatabaseDirectory held = DatabaseDirectory.hold(directory);
    HikariDataSource writer = null;
    try {
      NativeLibrary.load(held.library());
      HikariConfig writing = settings(directory, "writer", 1, WRITER_CACHE);
      requireWal(writing.getDataSource(), held.file());
      writer = new HikariDataSource(writing);
      HikariConfig reading = settings(directory, "reader", MAX_READERS, READER_CACHE);
      reading.setConnectionInitSql("pragma query_only = on");
      return new EmbeddedDatabase(held, writer, new HikariDataSource(reading));
    } catch (RuntimeException e) {
      if (writer != null) {
        writer.close();
      }
      held.close();
      throw e instanceof LadingException ? e : unusable(held.file(), e);
    }
  }

  private static HikariConfig settings(Path directory, String name, int connections, int cache) {
    SQLiteConfig sqlite = new SQLiteConfig();
    sqlite.setJournalMode(SQLiteConfig.JournalMode.WAL);
    sqlite.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    sqlite.enforceForeignKeys(true);
    sqlite.setBusyTimeout(MAX_WAIT_MILLIS);
    sqlite.setCacheSize(cache);
    sqlite.setJournalSizeLimit(WAL_BYTES);
    sqlite.setTempStore(SQLiteConfig.TempStore.MEMORY);
    SQLiteDataSource file = new SQLiteDataSource(sqlite);
    file.setUrl(url(directory));
    HikariConfig pool = new HikariConfig();
    pool.setPoolName(POOL + name);
    pool.setDataSource(file);
    pool.setMaximumPoolSize(connections);
    pool.setConnectionTimeout(MAX_WAIT_MILLIS);
    // Whether it can be opened is asked before: the pool itself would log that it cannot.
    pool.setInitializationFailTimeout(-1);
    // Connections to a file do not grow old.
    pool.setMaxLifetime(0);
    return pool;
  }

  /** Opens the database once, and closes it again. */
  private static void requireWal(DataSource database, Path file) {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet mode = statement.executeQuery("pragma journal_mode")) {
      if (!mode.next() || !"wal".equals(mode.getString(1))) {
        throw new LadingException(
            ErrorCode.STORAGE_UNAVAILABLE,
            "The file system of " + file + " does not allow the write-ahead log of SQLite");
      }
    } catch (SQLException e) {
      throw unusable(file, e);
    }
  }

  /** Returns the failure of a file: one that waiting does not cure if it holds something else. */
  static LadingException unusable(Path file, Exception e) {
    if (isNoDatabase(e)) {
      return new LadingException(
          ErrorCode.NOT_CONFIGURED,
          "The database "
              + file
              + " is damaged, or no database of SQLite: restore a backup, or move it away. Nothing"
              + " in it was changed",
          e);
    }
    return new LadingException(
        ErrorCode.STORAGE_UNAVAILABLE,
        "The database " + file + " cannot be opened, or its file system does not answer",
        e);
  }

  private static boolean isNoDatabase(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException known
          && NO_DATABASE.contains(known.getErrorCode() & 0xff)) {
        return true;
      }
    }
    return false;
  }

  /** Returns the source of connections that read, and can do nothing else. */
  public DataSource reader() {
    return readers;
  }

  /**
   * Returns the source of the connection that writes, for short times. A commit waits until the
   * disk has it, and everything that was committed before.
   */
  public DataSource writer() {
    return new SynchronousDataSource(writer, "full");
  }

  /**
   * Returns the source of the same connection for what can be made again: a commit does not wait
   * for the disk, and survives the end of the process, but perhaps not that of the machine's power.
   */
  public DataSource unforcedWriter() {
    return new SynchronousDataSource(writer, "normal");
  }

  /**
   * Has both pools register their meters.
   *
   * @param registry a registry as {@link HikariDataSource#setMetricRegistry} takes it
   */
  public void measurePools(Object registry) {
    writer.setMetricRegistry(registry);
    readers.setMetricRegistry(registry);
  }

  /** Closes a connection of the writer that is in an unknown state, and the next one is new. */
  public void discard(Connection connection) {
    writer.evictConnection(connection);
  }

  /** Reads the whole database, and logs every damage that it finds. */
  public void check() {
    check.run();
  }

  /** Throws {@code STORAGE_UNAVAILABLE} if {@link #check} has found damage. */
  public void requireNoDamage() {
    String damage = check.damage();
    if (damage != null) {
      throw new LadingException(
          ErrorCode.STORAGE_UNAVAILABLE,
          "The database is damaged: stop Lading, and restore a backup or move the database away. "
              + damage);
    }
  }

  /** Throws {@code STORAGE_UNAVAILABLE} if nothing more can be written beside the database. */
  public void requireRoom() {
    long free;
    try {
      free = Files.getFileStore(directory.file()).getUsableSpace();
    } catch (IOException e) {
      throw unusable(directory.file(), e);
    }
    if (free < MIN_FREE_BYTES) {
      throw new LadingException(
          ErrorCode.STORAGE_UNAVAILABLE,
          "The database cannot be written: its file system has only " + free + " bytes of room");
    }
  }

  /**
   * Empties the write-ahead log if it has grown: where some reader is always at work, SQLite never
   * begins it anew by itself. To be called every few seconds.
   */
  public void shortenLog() {
    Path wal = Path.of(directory.file() + "-wal");
    try {
      if (!Files.exists(wal) || Files.size(wal) < MAX_WAL_BYTES) {
        return;
      }
    } catch (IOException e) {
      throw unusable(directory.file(), e);
    }
    try (Connection connection = writer.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("pragma busy_timeout = " + CHECKPOINT_WAIT_MILLIS);
      try (ResultSet result = statement.executeQuery("pragma wal_checkpoint(truncate)")) {
        if (result.next() && result.getInt(1) != 0) {
          log.warn(
              "The write-ahead log {} grows, because something has been reading the database for"
                  + " long",
              wal);
        }
      } finally {
        statement.execute("pragma busy_timeout = " + MAX_WAIT_MILLIS);
      }
    } catch (SQLException e) {
      throw unusable(directory.file(), e);
    }
  }

  /** Closes all connections, the last of which moves the write-ahead log into the database. */
  @Override
  public void close() {
    check.close();
    readers.close();
    writer.close();
    directory.close();
  }
}
