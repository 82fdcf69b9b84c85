package org.lading.backup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Set;
import org.lading.base.VanishingFileVisitor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Copies of the literals and links below the storage, with their times. */
final class ContentFiles {
  /** The name of the directory of these files, in the storage and in a backup. */
  static final String DIRECTORY = "content";

  /** What is copied, while it is not all there yet. */
  private static final String UNFINISHED = DIRECTORY + ".restoring";

  private static final Logger log = LoggerFactory.getLogger(ContentFiles.class);

  /** The modes in a backup. */
  static final Modes CLOSED = new Modes("rwx------", "rw-------");

  /** The modes in the storage, which nginx reads; see StoredFiles. */
  private static final Modes OPEN = new Modes("rwx--x--x", "rw-r--r--");

  private ContentFiles() {}

  /** The modes of copies. */
  record Modes(Set<PosixFilePermission> directories, Set<PosixFilePermission> files) {
    Modes(String directories, String files) {
      this(PosixFilePermissions.fromString(directories), PosixFilePermissions.fromString(files));
    }
  }

  /**
   * Copies a directory. What is removed meanwhile is passed over.
   *
   * @return what was copied
   */
  static Copied copy(Path from, Path to, Modes modes) throws IOException {
    TreeCopy copy = new TreeCopy(from, to, modes);
    if (Files.isDirectory(from)) {
      Files.walkFileTree(from, copy);
    }
    return new Copied(copy.files, copy.links);
  }

  /** Numbers of files and of symbolic links. */
  record Copied(long files, long links) {
    static final Copied NOTHING = new Copied(0, 0);

    Copied plus(Copied other) {
      return new Copied(files + other.files, links + other.links);
    }

    long all() {
      return files + links;
    }
  }

  /** Copies the files of a backup into a storage, beside their place. */
  static Copied copyForStorage(Path backup, Path storage) throws IOException {
    Path unfinished = storage.resolve(UNFINISHED);
    delete(unfinished);
    Files.createDirectories(unfinished);
    Files.setPosixFilePermissions(unfinished, OPEN.directories());
    return copy(backup.resolve(DIRECTORY), unfinished, OPEN);
  }

  /** Moves what was copied to its place, where at most an empty directory is. */
  static void install(Path storage) throws IOException {
    Path content = storage.resolve(DIRECTORY);
    Files.deleteIfExists(content);
    Files.move(storage.resolve(UNFINISHED), content, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Puts the files of a backup into a storage, where they may be: those of a download that has a
   * directory there stay as they are.
   */
  static Copied add(Path backup, Path storage) throws IOException {
    Path from = backup.resolve(DIRECTORY);
    Path to = storage.resolve(DIRECTORY);
    Copied copied = Copied.NOTHING;
    if (!Files.isDirectory(from)) {
      return copied;
    }
    if (Files.notExists(to)) {
      Files.createDirectories(to);
      Files.setPosixFilePermissions(to, OPEN.directories());
    }
    try (var downloads = Files.newDirectoryStream(from)) {
      for (Path download : downloads) {
        Path place = to.resolve(download.getFileName());
        if (Files.notExists(place, LinkOption.NOFOLLOW_LINKS)) {
          Path unfinished = to.resolve(download.getFileName() + ".restoring");
          delete(unfinished);
          copied = copied.plus(copy(download, unfinished, OPEN));
          Files.move(unfinished, place, StandardCopyOption.ATOMIC_MOVE);
        }
      }
    }
    return copied;
  }

  /** Returns whether a directory is missing or empty. */
  static boolean isEmpty(Path directory) throws IOException {
    try (var entries = Files.newDirectoryStream(directory)) {
      return !entries.iterator().hasNext();
    } catch (NoSuchFileException e) {
      log.debug("{} is not there", directory, e);
      return true;
    }
  }

  /** Removes a directory with all that is in it, if it is there. */
  static void delete(Path directory) throws IOException {
    if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      try (var all = Files.walk(directory)) {
        for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(one);
        }
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }
  }

  private static final class TreeCopy extends VanishingFileVisitor {
    private final Path from;
    private final Path to;
    private final Modes modes;
    private long files;
    private long links;

    TreeCopy(Path from, Path to, Modes modes) {
      this.from = from;
      this.to = to;
      this.modes = modes;
    }

    private Path place(Path path) {
      return to.resolve(from.relativize(path).toString());
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
        throws IOException {
      Files.createDirectories(place(directory));
      Files.setPosixFilePermissions(place(directory), modes.directories());
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Path copy = place(file);
      try {
        if (attributes.isSymbolicLink()) {
          // As bytes, whatever the locale is.
          Files.createSymbolicLink(copy, Files.readSymbolicLink(file));
          links++;
        } else {
          Files.copy(file, copy);
          Files.setPosixFilePermissions(copy, modes.files());
          Files.setLastModifiedTime(copy, attributes.lastModifiedTime());
          files++;
        }
      } catch (NoSuchFileException e) {
        log.debug("{} was just removed", file, e);
      }
      return FileVisitResult.CONTINUE;
    }
  }
}
