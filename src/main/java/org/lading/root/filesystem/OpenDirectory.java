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
 * A directory that is held open, so that its files are reached from it and not by their whole path
 * each time: faster, and nobody can change the way to them meanwhile.
 */
final class OpenDirectory implements Closeable {
  private static final Set<OpenOption> READ_NO_LINK =
      Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

  private final Path real;
  private final SecureDirectoryStream<Path> directory;

  private OpenDirectory(Path real, SecureDirectoryStream<Path> directory) {
    this.real = real;
    this.directory = directory;
  }

  /** Opens a directory inside the root. */
  @SuppressWarnings("StreamResourceLeak") // It is what is opened, or closed right here.
  static OpenDirectory of(PathResolver boundary, RelativePath path) throws IOException {
    Path real = boundary.resolve(path);
    DirectoryStream<Path> stream = Files.newDirectoryStream(real);
    if (!(stream instanceof SecureDirectoryStream<Path> secure)) {
      stream.close();
      throw new IOException("directories cannot be held open here");
    }
    OpenDirectory opened = new OpenDirectory(real, secure);
    try {
      PosixFileAttributes looked = boundary.stat(boundary.resolve(path), path.shown());
      if (!looked.isDirectory() || !Objects.equals(looked.fileKey(), opened.fileKey())) {
        throw new IOException("the directory changed while it was opened");
      }
      return opened;
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  /**
   * The item's whole content, which must be what it was before and after it is read; null for a
   * link, which may lead anywhere.
   */
  byte @Nullable [] read(Path name, Item item) throws IOException {
    PosixFileAttributes before = stat(name);
    if (before.isSymbolicLink()) {
      return null;
    }
    byte[] content = new byte[(int) item.size()];
    if (!before.isRegularFile() || !Disk.isSame(before, item.size(), item.modified())) {
      throw new IOException("not the file that it was");
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
        || !Disk.isSame(after, item.size(), item.modified())) {
      throw new IOException("the file changed while it was read");
    }
    return content;
  }

  /** The real path that it had when it was opened. */
  Path real() {
    return real;
  }

  /** The attributes of what has that name here, not of what it links to: one system call. */
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
