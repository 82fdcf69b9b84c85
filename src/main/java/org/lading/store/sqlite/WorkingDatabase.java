package org.lading.store.sqlite;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * A database in a directory of its own, for sorting what memory should not hold, by one thread.
 * Nothing of it survives its end.
 */
public final class WorkingDatabase implements AutoCloseable {
  private static final int CACHE_PAGES = 16_000;

  private final Path directory;
  private final Connection connection;

  private WorkingDatabase(Path directory, Connection connection) {
    this.directory = directory;
    this.connection = connection;
  }

  /**
   * Makes an empty one.
   *
   * @param parent the directory below which it is, or null for the system's for temporary files
   * @throws IOException if its directory cannot be made
   * @throws LadingException {@code STORAGE_UNAVAILABLE} if it cannot be opened
   */
  public static WorkingDatabase create(@Nullable Path parent) throws IOException {
    Path directory =
        parent == null
            ? Files.createTempDirectory("lading-")
            : Files.createTempDirectory(parent, "lading-");
    try {
      NativeLibrary.load(directory.resolve("library"));
      SQLiteConfig sqlite = new SQLiteConfig();
      sqlite.setJournalMode(SQLiteConfig.JournalMode.OFF);
      sqlite.setSynchronous(SQLiteConfig.SynchronousMode.OFF);
      sqlite.setLockingMode(SQLiteConfig.LockingMode.EXCLUSIVE);
      sqlite.setCacheSize(CACHE_PAGES);
      SQLiteDataSource source = new SQLiteDataSource(sqlite);
      source.setUrl("jdbc:sqlite:" + directory.resolve("working.db"));
      Connection connection = source.getConnection();
      connection.setAutoCommit(false);
      return new WorkingDatabase(directory, connection);
    } catch (SQLException e) {
      remove(directory);
      throw unusable(directory, e);
    } catch (RuntimeException e) {
      remove(directory);
      throw e;
    }
  }

  /** Returns its only connection, in a transaction that need not be committed. */
  public Connection connection() {
    return connection;
  }

  private static LadingException unusable(Path directory, SQLException e) {
    return new LadingException(
        ErrorCode.STORAGE_UNAVAILABLE,
        "A database for sorting cannot be opened in " + directory + ": " + e.getMessage(),
        e);
  }

  /** Removes it. */
  @Override
  public void close() throws IOException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw unusable(directory, e);
    } finally {
      remove(directory);
    }
  }

  private static void remove(Path directory) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
