package org.lading.store.sqlite;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/**
 * The directory of the embedded database, which one Lading at a time holds. Only its user may read
 * the database's files, and enter the directory if it was made here.
 *
 * <p>Nobody may open the database's file with anything but SQLite while it is held: POSIX drops all
 * locks that a process has on a file when the process closes it for the first time.
 */
final class DatabaseDirectory implements AutoCloseable {
  private static final String FILE = "lading.db";
  private static final String LOCK = "lading.lock";
  private static final String LIBRARY = "library";

  /** What the names of system properties begin with that say that a directory is held. */
  private static final String PROPERTY = "org.lading.database ";

  /** The names of the files of H2, the embedded database of Lading before its first release. */
  private static final String H2_FILES = "*.mv.db";

  private final Path directory;
  private final String property;
  private final FileChannel lock;

  private DatabaseDirectory(Path directory, String property, FileChannel lock) {
    this.directory = directory;
    this.property = property;
    this.lock = lock;
  }

  /**
   * Makes the directory if it is missing, and holds it until it is closed.
   *
   * @throws LadingException {@code STORAGE_UNAVAILABLE} if it cannot be made, or another Lading
   *     holds it; {@code NOT_CONFIGURED} if it has a database of H2
   */
  static DatabaseDirectory hold(Path directory) {
    DatabaseDirectory held = holdAsItIs(directory);
    try {
      held.closeFileToOthers();
      return held;
    } catch (IOException e) {
      held.close();
      throw unavailable("The database directory cannot be made", e);
    }
  }

  /** As above, where the database need not be there afterwards. */
  static DatabaseDirectory holdAsItIs(Path directory) {
    try {
      if (Files.notExists(directory)) {
        Files.createDirectories(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
      }
      refuseH2(directory);
      return locked(directory);
    } catch (IOException e) {
      throw unavailable("The database directory cannot be made", e);
    }
  }

  private static void refuseH2(Path directory) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, H2_FILES)) {
      for (Path file : files) {
        throw new LadingException(
            ErrorCode.NOT_CONFIGURED,
            file
                + " is a database of H2, which this version of Lading does not read: move it away,"
                + " and its downloads have to be created again (see UPGRADING.md)");
      }
    }
  }

  /**
   * Locks the directory: within the process by a system property, which all applications of a
   * container share, and among processes by a lock on a file.
   */
  private static DatabaseDirectory locked(Path directory) throws IOException {
    String property = PROPERTY + directory.toRealPath();
    if (System.getProperties().putIfAbsent(property, "") != null) {
      throw inUse(directory);
    }
    FileChannel channel = null;
    boolean isLocked = false;
    try {
      channel =
          FileChannel.open(
              directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      isLocked = channel.tryLock() != null;
      if (!isLocked) {
        throw inUse(directory);
      }
      return new DatabaseDirectory(directory, property, channel);
    } finally {
      if (!isLocked) {
        System.clearProperty(property);
        if (channel != null) {
          channel.close();
        }
      }
    }
  }

  /**
   * Makes an empty file if there is none, since SQLite would let others read it; it gives its other
   * files the modes of this one.
   */
  private void closeFileToOthers() throws IOException {
    if (Files.notExists(file())) {
      Files.createFile(
          file(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
  }

  /**
   * Returns whether a running Lading holds a directory. Its lock's file is not opened if that is
   * this process, which would lose the lock.
   */
  static boolean isHeld(Path directory) {
    Path lock = directory.resolve(LOCK);
    if (Files.notExists(lock)) {
      return false;
    }
    try {
      if (System.getProperty(PROPERTY + directory.toRealPath()) != null) {
        return true;
      }
      try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
          FileLock free = channel.tryLock()) {
        return free == null;
      }
    } catch (IOException e) {
      throw unavailable("The database directory cannot be looked at: " + e, e);
    }
  }

  private static LadingException inUse(Path directory) {
    return unavailable(
        "Another Lading has the database in "
            + directory
            + " open: several share a database of PostgreSQL",
        null);
  }

  private static LadingException unavailable(String sentence, @Nullable Exception e) {
    return new LadingException(ErrorCode.STORAGE_UNAVAILABLE, sentence, e);
  }

  /** Returns the database's file in a directory. */
  static Path file(Path directory) {
    return directory.resolve(FILE).toAbsolutePath();
  }

  /** Returns the database's file. */
  Path file() {
    return file(directory);
  }

  /** Returns the directory for the native library. */
  Path library() {
    return directory.resolve(LIBRARY).toAbsolutePath();
  }

  @Override
  public void close() {
    try {
      lock.close();
      System.clearProperty(property);
    } catch (IOException e) {
      throw unavailable("The database directory cannot be let go", e);
    }
  }
}
