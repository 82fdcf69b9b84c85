package org.lading.manifest;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.lading.base.VanishingFileVisitor;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files below the storage directory that nginx reads: literals, and links to files of roots
 * that are served by links. Each download has one directory, named after its id; each attempt to
 * prepare it has its own subdirectories there, of at most 1,000 files each.
 */
public final class StoredFiles {
  private static final int MAX_FILES_PER_DIRECTORY = 1000;

  /** The modes of directories: nginx, which is another user, may enter, but not list the ids. */
  private static final Set<PosixFilePermission> DIRECTORY_MODES =
      PosixFilePermissions.fromString("rwx--x--x");

  private static final Set<PosixFilePermission> FILE_MODES =
      PosixFilePermissions.fromString("rw-r--r--");

  private static final Logger log = LoggerFactory.getLogger(StoredFiles.class);

  /** The names of an attempt's directories, which begin with its number. */
  private static final Pattern ATTEMPT_DIRECTORY = Pattern.compile("(\\d{1,9})-\\d+");

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{32}");

  /** The minimum of free bytes: the write-ahead log of the embedded database may need them. */
  private static final long MIN_FREE_BYTES = 100L << 20;

  private final Path content;

  /**
   * Makes an object for the files below the given directory, which is created when it is first
   * needed.
   */
  public StoredFiles(Path content) {
    this.content = content;
  }

  /** Makes the writer of the files of one attempt at a download, counted from 1; for one thread. */
  ContentWriter writer(String id, int attempt) {
    return new AttemptWriter(id, attempt);
  }

  /** Returns a file by its path below the content directory. */
  public Path path(String stored) {
    return content.resolve(stored);
  }

  /** Removes all files and links of a download; nothing happens if there are none. */
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

  /** Removes the files that one attempt at a download has written. */
  public void delete(String id, int attempt) {
    deleteIf(id, name -> name.startsWith(directoryPrefix(attempt)));
    try {
      Files.deleteIfExists(content.resolve(id));
    } catch (DirectoryNotEmptyException e) {
      log.debug("Another attempt has files in {}", id, e);
    } catch (IOException e) {
      throw unavailable(e);
    }
  }

  /** Returns the number of files and links that one attempt at a download has written. */
  public long count(String id, int attempt) {
    Path directory = content.resolve(id);
    long count = 0;
    try (DirectoryStream<Path> parts =
        Files.newDirectoryStream(
            directory,
            part -> part.getFileName().toString().startsWith(directoryPrefix(attempt)))) {
      for (Path part : parts) {
        try (Stream<Path> files = Files.list(part)) {
          count += files.count();
        }
      }
      return count;
    } catch (NoSuchFileException e) {
      log.debug("There are no files of {}", id, e);
      return count;
    } catch (IOException | UncheckedIOException | DirectoryIteratorException e) {
      throw unavailable(e);
    }
  }

  /** Removes the files of the attempts at a download before the given one. */
  public void deleteEarlier(String id, int attempt) {
    deleteIf(id, name -> attemptOf(name) < attempt);
  }

  private static int attemptOf(String directory) {
    Matcher matcher = ATTEMPT_DIRECTORY.matcher(directory);
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
  }

  /** Hands over, in batches, the ids of downloads whose directory was not modified since a time. */
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

  private void deleteIf(String id, Predicate<String> selected) {
    Path directory = content.resolve(id);
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (DirectoryStream<Path> parts =
        Files.newDirectoryStream(directory, part -> selected.test(part.getFileName().toString()))) {
      for (Path part : parts) {
        Files.walkFileTree(part, new Remover());
      }
    } catch (IOException | DirectoryIteratorException e) {
      throw unavailable(e);
    }
  }

  private static String directoryPrefix(int attempt) {
    return attempt + "-";
  }

  /** Makes the directory if it is missing, and checks that files can be written in it. */
  public void open() {
    try {
      makeDirectory(content);
      Files.delete(Files.createTempFile(content, "check", null));
    } catch (IOException e) {
      throw unavailable(e);
    }
  }

  /**
   * Checks that files can be written now, and that there is room for more.
   *
   * @return the free bytes of the disk
   */
  public long requireFreeSpace() {
    try {
      // A missing directory is not made: where a disk is not mounted, all stored files are missing.
      Files.delete(Files.createTempFile(content, "check", null));
      long free = Files.getFileStore(content).getUsableSpace();
      if (free < MIN_FREE_BYTES) {
        throw new LadingException(
            ErrorCode.STORAGE_UNAVAILABLE,
            "The storage directory has only " + free + " bytes of room");
      }
      return free;
    } catch (IOException e) {
      throw unavailable(e);
    }
  }

  /** Makes a directory with its modes whatever the umask, which often excludes nginx. */
  private static void makeDirectory(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory);
      Files.setPosixFilePermissions(directory, DIRECTORY_MODES);
    }
  }

  private static LadingException unavailable(Exception e) {
    return new LadingException(
        ErrorCode.STORAGE_UNAVAILABLE, "The storage directory cannot be written", e);
  }

  /** Writes the files of one attempt, numbered in the order of the calls. */
  private final class AttemptWriter implements ContentWriter {
    private final String id;
    private final String prefix;
    private String directory = "";
    private Path directoryPath;
    private int next;

    private AttemptWriter(String id, int attempt) {
      this.id = id;
      this.prefix = id + '/' + directoryPrefix(attempt);
      this.directoryPath = content;
    }

    @Override
    public String writeLink(Path target) {
      return write(path -> Files.createSymbolicLink(path, target));
    }

    @Override
    public String writeLiteral(LiteralWriter content, Instant modified) {
      return write(
          path -> {
            try (OutputStream out =
                Files.newOutputStream(
                    path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
              content.writeTo(out);
            }
            Files.setPosixFilePermissions(path, FILE_MODES);
            Files.setLastModifiedTime(path, FileTime.from(modified));
          });
    }

    @Override
    public void removeLast(String stored) {
      try {
        Files.delete(content.resolve(stored));
        next--;
      } catch (IOException e) {
        throw unavailable(e);
      }
    }

    private String write(PathAction action) {
      int number = next++;
      try {
        if (number % MAX_FILES_PER_DIRECTORY == 0) {
          beginDirectory(number / MAX_FILES_PER_DIRECTORY);
        }
        String name = Integer.toString(number);
        action.on(directoryPath.resolve(name));
        return directory + name;
      } catch (IOException e) {
        throw unavailable(e);
      }
    }

    /** Makes the next directory, and its parents, which may have been removed. */
    private void beginDirectory(int part) throws IOException {
      directory = prefix + part + '/';
      directoryPath = content.resolve(directory);
      makeDirectory(content);
      makeDirectory(content.resolve(id));
      makeDirectory(directoryPath);
    }
  }

  @FunctionalInterface
  private interface PathAction {
    void on(Path path) throws IOException;
  }

  /** Removes a tree of files; of a link, the link itself. */
  private static final class Remover extends VanishingFileVisitor {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
        throws IOException {
      FileVisitResult result = super.postVisitDirectory(directory, failure);
      Files.deleteIfExists(directory);
      return result;
    }
  }
}
