package org.lading.manifest;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What nginx reads below the storage: the literals, and the links to files of roots served by
 * links. Each download has one directory here, named after its id; each attempt to prepare it has
 * its own subdirectories there, of a thousand files each.
 */
public final class StoredFiles {
  private static final int FILES_PER_DIRECTORY = 1000;

  /** nginx runs as another user: it may pass, but nobody may list the ids. */
  private static final Set<PosixFilePermission> PASSABLE =
      PosixFilePermissions.fromString("rwx--x--x");

  private static final Set<PosixFilePermission> READABLE =
      PosixFilePermissions.fromString("rw-r--r--");

  private static final Logger log = LoggerFactory.getLogger(StoredFiles.class);

  /** Whatever else lies here is not ours to remove. */
  private static final Pattern OF_ATTEMPT = Pattern.compile("(\\d{1,9})-\\d+");

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{32}");

  /** The embedded database alone may need as much while it tidies up. */
  private static final long LEAST_ROOM = 100L << 20;

  private final Path content;

  /** Files below the given directory, which is made when it is first needed. */
  public StoredFiles(Path content) {
    this.content = content;
  }

  /** Writer for the files of one attempt at a download, counted from 1; for one thread. */
  Batch batch(String id, int attempt) {
    return new Batch(id, attempt);
  }

  /** The file of an entry, by its path below the content directory. */
  public Path path(String stored) {
    return content.resolve(stored);
  }

  /** Removes every file and link of a download; nothing happens if there is none. */
  public void delete(String id) {
    Path directory = content.resolve(id);
    if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      try {
        Files.walkFileTree(directory, new Remover());
      } catch (IOException e) {
        throw unavailable(e);
      }
    }
  }

  /** Removes what one attempt at a download has written. */
  public void delete(String id, int attempt) {
    deleteIf(id, name -> name.startsWith(prefix(attempt)));
    try {
      Files.deleteIfExists(content.resolve(id));
    } catch (DirectoryNotEmptyException e) {
      log.debug("Another attempt has files in {}", id, e);
    } catch (IOException e) {
      throw unavailable(e);
    }
  }

  /** Removes what earlier attempts at a download have written; never what a later one has. */
  public void deleteEarlier(String id, int attempt) {
    deleteIf(id, name -> attemptOf(name) < attempt);
  }

  private static int attemptOf(String directory) {
    Matcher matcher = OF_ATTEMPT.matcher(directory);
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
  }

  /** Hands out the ids of downloads that have files here and were not written to since a time. */
  public void forEachUntouched(Instant since, int batch, Consumer<List<String>> sink) {
    List<String> ids = new ArrayList<>();
    try (DirectoryStream<Path> directories =
        Files.newDirectoryStream(content, path -> isUntouched(path, since))) {
      for (Path directory : directories) {
        ids.add(directory.getFileName().toString());
        if (ids.size() == batch) {
          sink.accept(ids);
          ids = new ArrayList<>();
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      throw unavailable(e);
    }
    sink.accept(ids);
  }

  private static boolean isUntouched(Path path, Instant since) throws IOException {
    try {
      return ID.matcher(path.getFileName().toString()).matches()
          && Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS).toInstant().isBefore(since);
    } catch (NoSuchFileException e) {
      log.debug("{} is just being removed", path, e);
      return false;
    }
  }

  private void deleteIf(String id, Predicate<String> isMeant) {
    Path directory = content.resolve(id);
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (DirectoryStream<Path> parts =
        Files.newDirectoryStream(directory, part -> isMeant.test(part.getFileName().toString()))) {
      for (Path part : parts) {
        Files.walkFileTree(part, new Remover());
      }
    } catch (IOException | DirectoryIteratorException e) {
      throw unavailable(e);
    }
  }

  private static String prefix(int attempt) {
    return attempt + "-";
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

  /**
   * Checks that files can be written here now, and that there is room for more.
   *
   * @return the free bytes of the disk
   */
  public long requireRoom() {
    try {
      // Not made anew: where a disk is not mounted, all that was stored is missing.
      Files.delete(Files.createTempFile(content, "check", null));
      long free = Files.getFileStore(content).getUsableSpace();
      if (free < LEAST_ROOM) {
        throw new LadingException(
            ErrorCode.STORAGE_UNAVAILABLE,
            "The storage directory has only " + free + " bytes of room");
      }
      return free;
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

  private static LadingException unavailable(Exception e) {
    return new LadingException(
        ErrorCode.STORAGE_UNAVAILABLE, "The storage directory cannot be written", e);
  }

  /** Writes the files of one download, numbered in the order of the calls. */
  final class Batch {
    private final String id;
    private final String prefix;
    private String directory = "";
    private Path real;
    private int next;

    private Batch(String id, int attempt) {
      this.id = id;
      this.prefix = id + '/' + prefix(attempt);
      this.real = content;
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
      try {
        if (number % FILES_PER_DIRECTORY == 0) {
          begin(number / FILES_PER_DIRECTORY);
        }
        String name = Integer.toString(number);
        action.on(real.resolve(name));
        return directory + name;
      } catch (IOException e) {
        throw unavailable(e);
      }
    }

    /** Made anew if somebody took it away, and not with the modes of the umask. */
    private void begin(int part) throws IOException {
      directory = prefix + part + '/';
      real = content.resolve(directory);
      makePassable(content);
      makePassable(content.resolve(id));
      makePassable(real);
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
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      // Two may be removing the same.
      if (failure instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw failure;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
        throws IOException {
      if (failure != null) {
        throw failure;
      }
      Files.deleteIfExists(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}
