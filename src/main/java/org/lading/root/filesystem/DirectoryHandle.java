package org.lading.root.filesystem;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.lading.root.Item;

/**
 * A directory that is held open. What is in it is reached from the open directory, and no link is
 * followed on the way: whatever takes the place of a directory or a file meanwhile, nothing outside
 * is reached. For one thread, which also closes it.
 *
 * <p>Names and relative paths are bytes, without a slash at either end; the empty one is the
 * directory itself. A link in a path fails with an {@link IOException}.
 */
abstract class DirectoryHandle implements Closeable {
  private final Path path;

  DirectoryHandle(Path path) {
    this.path = path;
  }

  /** Returns the real path that it had when it was opened. */
  final Path path() {
    return path;
  }

  /** Reads the attributes of a name, not of its link target; of the empty name, its own. */
  abstract FileStatus stat(byte[] name) throws IOException;

  /** Tells whether this process may read the file or directory of a name. */
  abstract boolean isReadable(byte[] name) throws IOException;

  /** Takes the names in a directory. */
  @FunctionalInterface
  interface NameVisitor {
    /**
     * Takes a name.
     *
     * @param name its exact bytes
     * @param kind what it is, if the directory itself tells that, else null
     */
    void visit(byte[] name, FileStatus.@Nullable Kind kind) throws IOException;
  }

  /** Hands over every name in it, in no order. */
  abstract void visitNames(NameVisitor visitor) throws IOException;

  /** Reads the exact bytes of every name in it. */
  final FileNameList names() throws IOException {
    FileNameList names = new FileNameList();
    visitNames((name, kind) -> names.add(name));
    return names;
  }

  /** Tells whether it has any name in it; fails if it cannot be read. */
  abstract boolean hasNames() throws IOException;

  /** Opens a directory below it. */
  abstract DirectoryHandle directory(byte[] relative) throws IOException;

  /**
   * Opens the file of a name for reading.
   *
   * @param expected the file's attributes; another file, or what is none, fails
   */
  abstract FileChannel open(byte[] name, FileStatus expected) throws IOException;

  /**
   * Reads all bytes of a file, see {@link #open}; {@link WrongSizeException} if these are fewer or
   * more than the array takes.
   */
  abstract void readFully(byte[] name, FileStatus expected, byte[] into) throws IOException;

  /** Reads all bytes of a channel; see {@link #readFully(byte[], FileStatus, byte[])}. */
  static void readFully(FileChannel channel, byte[] into) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(into);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new WrongSizeException(true);
      }
    }
    if (channel.read(ByteBuffer.allocate(1)) >= 0) {
      throw new WrongSizeException(false);
    }
  }

  /**
   * Reads a file whole and makes sure that it was unchanged before and after; returns null for a
   * link, which may lead anywhere.
   */
  final byte @Nullable [] read(byte[] name, Item item) throws IOException {
    FileStatus before = stat(name);
    if (before.isLink()) {
      return null;
    }
    if (!before.isUnchanged(item.size(), item.modified())) {
      throw new IOException("the file changed since it was listed");
    }
    byte[] content = new byte[(int) item.size()];
    readFully(name, before, content);
    if (!stat(name).isOfSameContent(before)) {
      throw new IOException("the file changed while it was read");
    }
    return content;
  }

  /** Returns the real path of a name in it. */
  final Path path(byte[] name) {
    return name.length == 0 ? path : NativePaths.resolve(path, name);
  }
}
