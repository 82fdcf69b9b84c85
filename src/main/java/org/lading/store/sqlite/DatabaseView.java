package org.lading.store.sqlite;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.lading.error.LadingException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * A look at an embedded database, which may be in use. Nothing is written: where no Lading has it
 * open and no write-ahead log is left, SQLite reads the file alone and makes none of its others.
 */
public final class DatabaseView implements AutoCloseable {
  private final HikariDataSource readers;
  private final boolean isHeld;

  private DatabaseView(HikariDataSource readers, boolean isHeld) {
    this.readers = readers;
    this.isHeld = isHeld;
  }

  /** Returns whether a directory has a database. */
  public static boolean isThere(Path directory) {
    return Files.exists(DatabaseDirectory.file(directory));
  }

  /**
   * Opens the database in a directory.
   *
   * @param library the directory where the native library is for a moment
   * @throws LadingException {@code STORAGE_UNAVAILABLE} if it cannot be read
   */
  public static DatabaseView open(Path directory, Path library) {
    Path file = DatabaseDirectory.file(directory);
    return open(directory, library, !Files.exists(Path.of(file + "-wal")));
  }

  /**
   * As above, of a database that a Lading may open or close while it is read: SQLite makes its
   * other files beside it.
   */
  public static DatabaseView openInUse(Path directory, Path library) {
    return open(directory, library, false);
  }

  private static DatabaseView open(Path directory, Path library, boolean isFileAlone) {
    boolean isHeld = DatabaseDirectory.isHeld(directory);
    NativeLibrary.load(library);
    Path file = DatabaseDirectory.file(directory);
    SQLiteConfig sqlite = new SQLiteConfig();
    sqlite.setReadOnly(true);
    SQLiteDataSource source = new SQLiteDataSource(sqlite);
    source.setUrl("jdbc:sqlite:" + file.toUri() + (isHeld || !isFileAlone ? "" : "?immutable=1"));
    HikariConfig pool = new HikariConfig();
    pool.setPoolName("lading-sqlite-check");
    pool.setDataSource(source);
    pool.setReadOnly(true);
    pool.setMaximumPoolSize(2);
    try {
      return new DatabaseView(new HikariDataSource(pool), isHeld);
    } catch (RuntimeException e) {
      throw EmbeddedDatabase.unusable(file, e);
    }
  }

  /** Returns the source of connections. */
  public DataSource source() {
    return readers;
  }

  /** Returns whether a running Lading has the database open. */
  public boolean isHeld() {
    return isHeld;
  }

  @Override
  public void close() {
    readers.close();
  }
}
