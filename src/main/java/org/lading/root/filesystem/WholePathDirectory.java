package org.lading.root.filesystem;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;

/**
 * A directory that is not held open, for systems where the JDK cannot do it, such as macOS: it is
 * known by its real path, which is checked whenever something in it is opened. That does not help
 * against somebody who swaps directories quickly.
 */
final class WholePathDirectory extends DirectoryHandle {
  private WholePathDirectory(Path path) {
    super(path);
  }

  /** Checks that there is a directory at a whole path, following links. */
  static DirectoryHandle open(Path path) throws IOException {
    if (!Files.readAttributes(path, PosixFileAttributes.class).isDirectory()) {
      throw new NotDirectoryException(path.toString());
    }
    return new WholePathDirectory(path);
  }

  @Override
  FileStatus stat(byte[] name) throws IOException {
    return FileStatus.of(
        Files.readAttributes(path(name), PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
  }

  @Override
  boolean isReadable(byte[] name) {
    return Files.isReadable(path(name));
  }

  @Override
  void visitNames(NameVisitor visitor) throws IOException {
    try (DirectoryStream<Path> children = Files.newDirectoryStream(path())) {
      for (Path child : children) {
        visitor.visit(NativePaths.lastName(child), null);
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  @Override
  boolean hasNames() throws IOException {
    try (DirectoryStream<Path> children = Files.newDirectoryStream(path())) {
      return children.iterator().hasNext();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  @Override
  DirectoryHandle directory(byte[] relative) throws IOException {
    Path below = path(relative);
    requireNoLink(below);
    return open(below);
  }

  @Override
  FileChannel open(byte[] name, FileStatus expected) throws IOException {
    Path file = path(name);
    requireNoLink(file);
    if (!expected.isFile() || !stat(name).isOfSameContent(expected)) {
      throw new IOException("another file took its place");
    }
    return FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  void readFully(byte[] name, FileStatus expected, byte[] into) throws IOException {
    try (FileChannel channel = open(name, expected)) {
      readFully(channel, into);
    }
  }

  private static void requireNoLink(Path path) throws IOException {
    if (!path.toRealPath().equals(path)) {
      throw new FileSystemLoopException(path.toString());
    }
  }

  /** Does nothing: nothing is held open. */
  @Override
  public void close() {}
}
