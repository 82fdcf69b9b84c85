package org.lading.root.filesystem;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;

/** Calls the file system for the classes of this package; tests override single calls. */
class FileSystemCalls {
  private static final int NANOS_PER_MILLI = 1_000_000;

  private static final Set<PosixFilePermission> READ_BY_ALL =
      Set.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.OTHERS_READ);

  /** Reads the attributes of the path itself, not of its link target; one system call. */
  PosixFileAttributes stat(Path path) throws IOException {
    return Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  /** Reads the exact bytes of every name in a directory. */
  FileNameList names(Path directory) throws IOException {
    FileNameList names = new FileNameList();
    try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
      for (Path child : children) {
        names.add(NativePaths.lastName(child));
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return names;
  }

  /** Tells whether a directory has any name in it; fails if it cannot be opened. */
  boolean hasNames(Path directory) throws IOException {
    try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
      return children.iterator().hasNext();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  /** Tells whether this process may read a file; one system call. */
  boolean mayRead(Path path) {
    return Files.isReadable(path);
  }

  /** Returns the modification time in whole milliseconds, which every database keeps exactly. */
  static Instant modified(PosixFileAttributes attributes) {
    return attributes.lastModifiedTime().toInstant().truncatedTo(ChronoUnit.MILLIS);
  }

  /** Tells whether a file has this size and, to the millisecond, this modification time. */
  static boolean isUnchanged(PosixFileAttributes now, long size, Instant modified) {
    Instant time = now.lastModifiedTime().toInstant();
    return now.size() == size
        && time.getEpochSecond() == modified.getEpochSecond()
        && time.getNano() / NANOS_PER_MILLI == modified.getNano() / NANOS_PER_MILLI;
  }

  /** Tells whether this process can read the file; no system call if everybody may read it. */
  final boolean isReadable(Path path, PosixFileAttributes attributes) {
    return attributes.permissions().containsAll(READ_BY_ALL) || mayRead(path);
  }

  /** Tells whether this process can read the file of a name in a directory. */
  final boolean isReadable(Path directory, Path name, PosixFileAttributes attributes) {
    return attributes.permissions().containsAll(READ_BY_ALL) || mayRead(directory.resolve(name));
  }
}
