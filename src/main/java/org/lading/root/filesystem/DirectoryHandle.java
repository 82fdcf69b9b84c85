package org.lading.root.filesystem;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lading.root.Item;

/**
 * An open directory, whose files are opened by their names alone: that is faster than by whole
 * paths, and no directory above it can be replaced meanwhile.
 */
final class DirectoryHandle implements Closeable {
  private static final Set<OpenOption> READ_NO_LINK =
      Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

  private final Path realPath;
  private final SecureDirectoryStream<Path> directory;

  private DirectoryHandle(Path realPath, SecureDirectoryStream<Path> directory) {
    this.realPath = realPath;
    this.directory = directory;
  }

  /**
   * Opens a directory inside the root; {@link IOException} where the system cannot hold it open.
   */
  @SuppressWarnings("StreamResourceLeak") // The result owns it, or it is closed here.
  static DirectoryHandle of(PathResolver resolver, RelativePath path) throws IOException {
    Path realPath = resolver.resolve(path);
    DirectoryStream<Path> stream = Files.newDirectoryStream(realPath);
    if (!(stream instanceof SecureDirectoryStream<Path> secure)) {
      stream.close();
      throw new IOException("directories cannot be held open here");
    }
    DirectoryHandle opened = new DirectoryHandle(realPath, secure);
    try {
      PosixFileAttributes attributes = resolver.stat(resolver.resolve(path), path.display());
      if (!attributes.isDirectory() || !Objects.equals(attributes.fileKey(), opened.fileKey())) {
        throw new IOException("the directory changed while it was opened");
      }
      return opened;
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  /**
   * Reads a file whole and makes sure that it was unchanged before and after; returns null for a
   * link, which may lead anywhere.
   */
  byte @Nullable [] read(Path name, Item item) throws IOException {
    PosixFileAttributes before = stat(name);
    if (before.isSymbolicLink()) {
      return null;
    }
    byte[] content = new byte[(int) item.size()];
    if (!before.isRegularFile()
        || !FileSystemCalls.isUnchanged(before, item.size(), item.modified())) {
      throw new IOException("the file changed since it was listed");
    }
    try (SeekableByteChannel channel = directory.newByteChannel(name, READ_NO_LINK)) {
      ByteBuffer into = ByteBuffer.wrap(content);
      while (into.hasRemaining()) {
        if (channel.read(into) < 0) {
          throw new IOException("the file ended early");
        }
      }
    }
    PosixFileAttributes after = stat(name);
    if (!Objects.equals(before.fileKey(), after.fileKey())
        || !FileSystemCalls.isUnchanged(after, item.size(), item.modified())) {
      throw new IOException("the file changed while it was read");
    }
    return content;
  }

  /** Returns the real path that it had when it was opened. */
  Path realPath() {
    return realPath;
  }

  /** Reads the attributes of a name in the directory, not of its link target; one system call. */
  PosixFileAttributes stat(Path name) throws IOException {
    return directory
        .getFileAttributeView(name, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .readAttributes();
  }

  @Override
  public void close() throws IOException {
    directory.close();
  }

  private Object fileKey() throws IOException {
    return directory.getFileAttributeView(PosixFileAttributeView.class).readAttributes().fileKey();
  }
}
