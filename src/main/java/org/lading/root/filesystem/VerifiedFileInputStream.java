package org.lading.root.filesystem;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.function.Supplier;
import org.lading.base.BlockInputStream;
import org.jspecify.annotations.Nullable;
import org.lading.error.LadingException;

/**
 * Reads a file that must stay what it was: looked at before and after it is opened, and before its
 * last byte is handed out.
 */
final class VerifiedFileInputStream extends BlockInputStream {
  /**
   * A file that changes is noticed before so many bytes have gone out: what was read of it is held
   * for its content until then.
   */
  private static final long LOOKED_AT_EVERY = 16 << 20;

  private final Supplier<FileIdentity> look;
  private final Supplier<LadingException> changed;
  private final long size;
  private final FileIdentity first;
  private final FileChannel channel;
  private final long to;
  private long position;

  /**
   * The file as it was found at one moment.
   *
   * @param path without links in it
   * @param fileKey tells it from another file that has taken its place
   */
  record FileIdentity(Path path, @Nullable Object fileKey) {
    /** Not the record's own equals: the JDK would keep an undeployed application for its sake. */
    boolean isSameAs(FileIdentity other) {
      return path.equals(other.path) && Objects.equals(fileKey, other.fileKey);
    }
  }

  /**
   * Opens the file.
   *
   * @param look finds the file again, and fails if it is not as its item has it
   * @param changed says that it is not
   */
  VerifiedFileInputStream(
      Supplier<FileIdentity> look, Supplier<LadingException> changed, long size, long from, long to)
      throws IOException {
    this.look = look;
    this.changed = changed;
    this.size = size;
    this.to = Objects.checkIndex(to, size + 1);
    this.position = Objects.checkIndex(from, to + 1);
    // Before it is opened: opening a pipe that has taken its place would wait for a writer.
    this.first = look.get();
    this.channel = opened(first.path());
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
    if (next == to || next / LOOKED_AT_EVERY != position / LOOKED_AT_EVERY) {
      requireUnchanged();
    }
    // Only now, so that a stream which has failed never seems to have come to its end.
    position += read;
    return read;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /** Not through a link that has taken the file's place since it was looked at. */
  private FileChannel opened(Path path) throws IOException {
    try {
      return FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      if (!look.get().isSameAs(first)) {
        throw changed.get();
      }
      throw e;
    }
  }

  private void requireUnchanged() throws IOException {
    if (!look.get().isSameAs(first) || channel.size() != size) {
      throw changed.get();
    }
  }
}
