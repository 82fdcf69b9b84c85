package org.lading.root.filesystem;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.lading.base.BulkInputStream;
import org.lading.error.LadingException;
import org.lading.root.Item;

/**
 * Reads an opened file, and fails if it is not as its item says: checks it again now and then, and
 * before its last byte is handed out.
 */
final class VerifiedFileInputStream extends BulkInputStream {
  /**
   * The file is checked again whenever this many bytes were read, so that a change ends the stream.
   */
  private static final long CHECK_INTERVAL_BYTES = 16 << 20;

  private final FileChannel channel;
  private final BooleanSupplier isStill;
  private final Item item;
  private final long to;
  private long position;

  /**
   * Makes a stream, which owns the channel unless this fails.
   *
   * @param isStill tells whether the opened file is still at its path, unchanged
   * @param item the file as it was listed
   */
  VerifiedFileInputStream(
      FileChannel channel, BooleanSupplier isStill, Item item, long from, long to) {
    this.channel = channel;
    this.isStill = isStill;
    this.item = item;
    this.to = Objects.checkIndex(to, item.size() + 1);
    this.position = Objects.checkIndex(from, to + 1);
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
      requireUnchanged();
      throw wrongSize(true);
    }
    long next = position + read;
    if (next == to) {
      requireEnd();
    } else if (next / CHECK_INTERVAL_BYTES != position / CHECK_INTERVAL_BYTES) {
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

  /** Makes sure that the file has not changed, and ends where its size says. */
  private void requireEnd() throws IOException {
    boolean hasMore = to == item.size() && channel.read(ByteBuffer.allocate(1), to) >= 0;
    requireUnchanged();
    if (hasMore) {
      throw wrongSize(false);
    }
  }

  private void requireUnchanged() throws IOException {
    if (!isStill.getAsBoolean() || channel.size() != item.size()) {
      throw LadingException.changed("The file", item.name(), null);
    }
  }

  private LadingException wrongSize(boolean isShorter) {
    return FilesystemErrors.wrongSize(item.name(), item.size(), new WrongSizeException(isShorter));
  }
}
