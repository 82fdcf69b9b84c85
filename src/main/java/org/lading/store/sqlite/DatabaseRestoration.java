package org.lading.store.sqlite;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** Puts a copy of a database into a directory that has none, which no Lading opens meanwhile. */
public final class DatabaseRestoration implements AutoCloseable {
  private static final String UNFINISHED = ".restoring";

  /** What the names of the files of a database end with. */
  private static final List<String> SUFFIXES = List.of("", "-wal", "-journal");

  private final DatabaseDirectory directory;

  private DatabaseRestoration(DatabaseDirectory directory) {
    this.directory = directory;
  }

  /** Changes the copy before it is used. */
  @FunctionalInterface
  public interface Change {
    /** Makes the change on a connection that commits each statement. */
    void make(Connection connection) throws IOException, SQLException;
  }

  /**
   * Makes the directory if it is missing, and holds it until this is closed.
   *
   * @throws LadingException {@code STORAGE_UNAVAILABLE} if a Lading holds it, or has left a
   *     database
   */
  public static DatabaseRestoration begin(Path directory) {
    DatabaseDirectory held = DatabaseDirectory.holdAsItIs(directory);
    try {
      for (String suffix : SUFFIXES) {
        Path file = Path.of(held.file() + suffix);
        if (Files.exists(file) && Files.size(file) > 0) {
          throw new LadingException(
              ErrorCode.STORAGE_UNAVAILABLE,
              file + " is there: nothing is restored over it. Move it away first");
        }
      }
      NativeLibrary.load(held.library());
      return new DatabaseRestoration(held);
    } catch (IOException e) {
      held.close();
      throw EmbeddedDatabase.unusable(held.file(), e);
    } catch (RuntimeException e) {
      held.close();
      throw e;
    }
  }

  /** Copies a file beside the place of the database, and changes the copy. */
  public void prepare(Path copy, Change change) throws IOException, SQLException {
    Path unfinished = unfinished();
    Files.copy(copy, unfinished, StandardCopyOption.REPLACE_EXISTING);
    Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rw-------"));
    SQLiteDataSource source = new SQLiteDataSource(new SQLiteConfig());
    source.setUrl("jdbc:sqlite:" + unfinished);
    try (Connection connection = source.getConnection()) {
      change.make(connection);
    }
    try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private Path unfinished() {
    return Path.of(directory.file() + UNFINISHED);
  }

  /** Makes what was prepared the database. */
  public void install() throws IOException {
    for (String suffix : SUFFIXES) {
      Files.deleteIfExists(Path.of(directory.file() + suffix));
    }
    Files.move(unfinished(), directory.file(), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void close() {
    directory.close();
  }
}
