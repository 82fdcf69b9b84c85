package org.lading.root.filesystem;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.Set;

/**
 * A directory held open by the JDK, where {@code openat2} cannot be used. Each directory of a path
 * is opened from the one above it, and is the right one only if its device and inode are those that
 * were seen there: the JDK cannot be kept from following a link that is swapped in meanwhile.
 *
 * <p>A directory is opened as {@code name/.}, which fails at once for a pipe. A pipe that takes the
 * place of a file between the look at it and the opening holds the thread until somebody writes.
 */
final class SecureDirectory extends DirectoryHandle {
  private static final Path SELF = Path.of(".");
  private static final Set<OpenOption> READ_NO_LINK =
      Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

  private final SecureDirectoryStream<Path> directory;

  private SecureDirectory(Path path, SecureDirectoryStream<Path> directory) {
    super(path);
    this.directory = directory;
  }

  /** Tells whether the JDK can hold directories open on this system. */
  static boolean isSupported() {
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(Path.of("/"))) {
      return stream instanceof SecureDirectoryStream;
    } catch (IOException e) {
      return false;
    }
  }

  /** Opens a directory by its whole path, following links. */
  @SuppressWarnings("StreamResourceLeak") // The result owns it, or it is closed here.
  static DirectoryHandle open(Path path) throws IOException {
    DirectoryStream<Path> stream = Files.newDirectoryStream(path.resolve(SELF));
    if (stream instanceof SecureDirectoryStream<Path> secure) {
      return new SecureDirectory(path, secure);
    }
    stream.close();
    throw new IOException("directories cannot be held open here");
  }

  @Override
  FileStatus stat(byte[] name) throws IOException {
    PosixFileAttributeView view =
        name.length == 0
            ? directory.getFileAttributeView(PosixFileAttributeView.class)
            : directory.getFileAttributeView(
                NativePaths.relative(name),
                PosixFileAttributeView.class,
                LinkOption.NOFOLLOW_LINKS);
    return FileStatus.of(view.readAttributes());
  }

  /** Asks by the whole path, since the JDK cannot ask otherwise; nothing is read. */
  @Override
  boolean isReadable(byte[] name) {
    return Files.isReadable(path(name));
  }

  @Override
  void visitNames(NameVisitor visitor) throws IOException {
    try (DirectoryStream<Path> children = directory.newDirectoryStream(SELF)) {
      for (Path child : children) {
        visitor.visit(NativePaths.lastName(child), null);
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  @Override
  boolean hasNames() throws IOException {
    try (DirectoryStream<Path> children = directory.newDirectoryStream(SELF)) {
      return children.iterator().hasNext();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  @Override
  DirectoryHandle directory(byte[] relative) throws IOException {
    SecureDirectory at = new SecureDirectory(path(), directory.newDirectoryStream(SELF));
    for (byte[] name : RelativePath.segments(relative)) {
      try (SecureDirectory above = at) {
        at = above.child(name);
      }
    }
    return at;
  }

  private SecureDirectory child(byte[] name) throws IOException {
    FileStatus seen = stat(name);
    if (seen.isLink()) {
      throw new FileSystemLoopException(path(name).toString());
    }
    Path inside = NativePaths.relative(name).resolve(SELF);
    SecureDirectory child = new SecureDirectory(path(name), directory.newDirectoryStream(inside));
    try {
      if (child.stat(new byte[0]).isOfSame(seen)) {
        return child;
      }
    } catch (IOException | RuntimeException e) {
      child.close();
      throw e;
    }
    child.close();
    throw new FileSystemLoopException(path(name).toString());
  }

  @Override
  FileChannel open(byte[] name, FileStatus expected) throws IOException {
    if (!expected.isFile()) {
      throw new IOException("not a file");
    }
    FileChannel channel = openNoLink(name);
    boolean isExpected = false;
    try {
      isExpected = stat(name).isOfSameContent(expected);
    } finally {
      if (!isExpected) {
        channel.close();
      }
    }
    if (!isExpected) {
      throw new IOException("another file took its place");
    }
    return channel;
  }

  /** The JDK promises that this file system's channels are file channels. */
  private FileChannel openNoLink(byte[] name) throws IOException {
    return (FileChannel) directory.newByteChannel(NativePaths.relative(name), READ_NO_LINK);
  }

  @Override
  void readFully(byte[] name, FileStatus expected, byte[] into) throws IOException {
    // The caller looks at the file once more.
    try (FileChannel channel = openNoLink(name)) {
      readFully(channel, into);
    }
  }

  @Override
  public void close() throws IOException {
    directory.close();
  }
}
