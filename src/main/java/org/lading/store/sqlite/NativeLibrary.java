package org.lading.store.sqlite;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;

/**
 * Loads the native library of SQLite, which the driver copies out of its jar.
 *
 * <p>By default the copy is made in a directory of Lading's own, since a system's {@code /tmp} may
 * be mounted {@code noexec} and is open to everybody; it is removed as soon as it is loaded, so
 * that a process that is killed leaves none. The driver takes the directory from a system property,
 * which other applications in the same container see too: it is set for the time of the loading
 * only, and only if nobody has set it.
 */
final class NativeLibrary {
  private static final Logger log = LoggerFactory.getLogger(NativeLibrary.class);

  /** The driver's system property with the directory for the copy. */
  private static final String DIRECTORY = "org.sqlite.tmpdir";

  /** The driver's system property with the directory of a library that was installed by hand. */
  private static final String INSTALLED = "org.sqlite.lib.path";

  private static final String COPIES = "sqlite-*";

  private NativeLibrary() {}

  /**
   * Loads the library, unless this class loader has loaded it before.
   *
   * @throws LadingException {@code STORAGE_UNAVAILABLE} if it cannot be loaded
   */
  @SuppressWarnings("LockOnNonEnclosingClassLiteral")
  static void load(Path directory) {
    // All applications of the process share the property, and nothing else of theirs is the same.
    synchronized (System.class) {
      String set = System.getProperty(INSTALLED, System.getProperty(DIRECTORY));
      if (set != null) {
        load(set);
        return;
      }
      try {
        Files.createDirectories(directory);
        System.setProperty(DIRECTORY, directory.toString());
        load(directory.toString());
      } catch (IOException e) {
        throw failed(directory.toString(), e);
      } finally {
        System.clearProperty(DIRECTORY);
        removeCopies(directory);
      }
    }
  }

  private static void load(String directory) {
    Thread thread = Thread.currentThread();
    ClassLoader ours = thread.getContextClassLoader();
    // The driver starts a process to learn the system's name. The JDK's thread that waits for it
    // stays for a minute, and holds on to this loader.
    thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
    boolean isLoaded;
    try {
      isLoaded = SQLiteJDBCLoader.initialize();
    } catch (Exception e) {
      throw failed(directory, e);
    } finally {
      thread.setContextClassLoader(ours);
    }
    if (!isLoaded) {
      throw failed(directory, null);
    }
  }

  private static LadingException failed(String directory, @Nullable Exception e) {
    return new LadingException(
        ErrorCode.STORAGE_UNAVAILABLE,
        "The native library of SQLite could not be loaded from "
            + directory
            + ": its file system must not be full or mounted noexec. Another directory is named by"
            + " the system property "
            + DIRECTORY,
        e);
  }

  private static void removeCopies(Path directory) {
    try (DirectoryStream<Path> copies = Files.newDirectoryStream(directory, COPIES)) {
      for (Path copy : copies) {
        Files.delete(copy);
      }
      Files.delete(directory);
    } catch (IOException e) {
      log.warn("The copy of SQLite's native library stays in {}", directory, e);
    }
  }
}
