package org.lading.root.filesystem;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.lading.base.BulkInputStream;
import org.lading.error.LadingException;

/**
 * Reads a file, and fails if it is not as its item says: checks it before and after it is opened,
 * and before its last byte is handed out.
 */
final class VerifiedFileInputStream extends BulkInputStream {
  /**
   * The file is checked again whenever this many bytes were read, so that a change ends the stream.
   */
  private static final long CHECK_INTERVAL_BYTES = 16 << 20;

  private final Supplier<FileIdentity> identify;
  private final Supplier<LadingException> changed;
  private final long size;
  private final FileIdentity identity;
  private final FileChannel channel;
  private final long to;
  private long position;

  /**
   * The identity of a file on disk.
   *
   * @param path the real path
   * @param fileKey distinguishes it from another file that has taken its place
   */
  record FileIdentity(Path path, @Nullable Object fileKey) {
    /** Compares without the record's own equals, for which the JDK keeps the class loader alive. */
    boolean isSameAs(FileIdentity other) {
      return path.equals(other.path) && Objects.equals(fileKey, other.fileKey);
    }
  }

  /**
   * Opens the file.
   *
   * @param identify finds the file, and fails if it is not as its item says
   * @param changed makes the exception for a file that is not
   */
  VerifiedFileInputStream(
      Supplier<FileIdentity> identify,
      Supplier<LadingException> changed,
      long size,
      long from,
      long to)
      throws IOException {
    this.identify = identify;
    this.changed = changed;
    this.size = size;
    this.to = Objects.checkIndex(to, size + 1);
    this.position = Objects.checkIndex(from, to + 1);
    // Checked before it is opened: to open a pipe in its place would wait for a writer.
    this.identity = identify.get();
    this.channel = open(identity.path());
    try {
      requireUnchanged();
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public int read(byte[] buffer, int start, int length) throws IOException {
    Objects.checkFromIndexSize(start, length, buffer.length);
    if (!channel.isOpen()) {
      throw new ClosedChannelException();
    }
    if (position == to || length == 0) {
      return length == 0 ? 0 : -1;
    }
    ByteBuffer into = ByteBuffer.wrap(buffer, start, (int) Math.min(length, to - position));
    int read = channel.read(into, position);
    if (read < 0) {
      throw changed.get();
    }
    long next = position + read;
    if (next == to || next / CHECK_INTERVAL_BYTES != position / CHECK_INTERVAL_BYTES) {
      requireUnchanged();
    }
    // Advanced last, so that a stream that failed never seems to be at its end.
    position += read;
    return read;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /** Does not follow a link that has taken the file's place since the check. */
  private FileChannel open(Path path) throws IOException {
    try {
      return FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      if (!identify.get().isSameAs(identity)) {
        throw changed.get();
      }
      throw e;
    }
  }

  private void requireUnchanged() throws IOException {
    if (!identify.get().isSameAs(identity) || channel.size() != size) {
      throw changed.get();
    }
  }
}
