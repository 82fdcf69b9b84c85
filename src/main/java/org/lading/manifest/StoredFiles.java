package org.lading.manifest;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/**
 * What nginx reads below the storage: the literals, and the links to files of roots served by
 * links. Each download has one directory here, named after its id, with a thousand files a
 * subdirectory.
 */
public final class StoredFiles {
  private static final int FILES_PER_DIRECTORY = 1000;

  /** nginx runs as another user: it may pass, but nobody may list the ids. */
  private static final Set<PosixFilePermission> PASSABLE =
      PosixFilePermissions.fromString("rwx--x--x");

  private static final Set<PosixFilePermission> READABLE =
      PosixFilePermissions.fromString("rw-r--r--");

  private final Path content;

  /** Files below the given directory, which is made when it is first needed. */
  public StoredFiles(Path content) {
    this.content = content;
  }

  /** Writer for one download's files; for one thread. */
  Batch batch(String id) {
    return new Batch(id);
  }

  /** The file of an entry, by its path below the content directory. */
  public Path path(String stored) {
    return content.resolve(stored);
  }

  /** Removes every file and link of a download; nothing happens if there is none. */
  public void delete(String id) {
    Path directory = content.resolve(id);
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try {
      Files.walkFileTree(directory, new Remover());
    } catch (IOException e) {
      throw unavailable(e);
    }
  }

  /** Checks that files can be written here, by making and removing one. */
  public void check() {
    try {
      makePassable(content);
      Files.delete(Files.createTempFile(content, "check", null));
    } catch (IOException e) {
      throw unavailable(e);
    }
  }

  /** Whatever the umask of the container, which is often one that shuts nginx out. */
  private static void makePassable(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory);
      Files.setPosixFilePermissions(directory, PASSABLE);
    }
  }

  private static LadingException unavailable(IOException e) {
    return new LadingException(
        ErrorCode.STORAGE_UNAVAILABLE, "The storage directory cannot be written", e);
  }

  /** Writes the files of one download, numbered in the order of the calls. */
  final class Batch {
    private final String id;
    private int next;

    private Batch(String id) {
      this.id = id;
    }

    /** Links to a real file; the answer is the link's path below the content directory. */
    String link(Path target) {
      return write(path -> Files.createSymbolicLink(path, target));
    }

    /** Writes a literal; the answer is its path below the content directory. */
    String literal(byte[] bytes) {
      return write(path -> Files.setPosixFilePermissions(Files.write(path, bytes), READABLE));
    }

    private String write(PathAction action) {
      int number = next++;
      String directory = id + '/' + number / FILES_PER_DIRECTORY;
      String stored = directory + '/' + number;
      try {
        if (number % FILES_PER_DIRECTORY == 0) {
          // Made anew if somebody took it away, and not with the modes of the umask.
          makePassable(content);
          makePassable(content.resolve(id));
          makePassable(content.resolve(directory));
        }
        action.on(content.resolve(stored));
      } catch (IOException e) {
        throw unavailable(e);
      }
      return stored;
    }
  }

  @FunctionalInterface
  private interface PathAction {
    void on(Path path) throws IOException;
  }

  /** Never follows a link: it is the link that goes. */
  private static final class Remover extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
        throws IOException {
      if (failure != null) {
        throw failure;
      }
      Files.delete(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}
