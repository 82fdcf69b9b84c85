package org.lading.root.filesystem;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.temporal.ChronoUnit;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.error.Printable;
import org.lading.root.Item;

/**
 * Reads a file that must stay what it was: looked at when it is opened, and before its last byte.
 */
final class UnchangedFileStream extends InputStream {
  private final Path path;
  private final Item item;
  private final FileChannel channel;
  private long left;

  UnchangedFileStream(Path path, Item item, long position) throws IOException {
    this.path = path;
    this.item = item;
    this.left = item.size() - position;
    this.channel = FileChannel.open(path, StandardOpenOption.READ);
    try {
      requireUnchanged();
      channel.position(position);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int start, int length) throws IOException {
    if (left == 0) {
      return -1;
    }
    int read = channel.read(ByteBuffer.wrap(buffer, start, (int) Math.min(length, left)));
    if (read < 0) {
      throw changed();
    }
    left -= read;
    if (left == 0) {
      requireUnchanged();
    }
    return read;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private void requireUnchanged() throws IOException {
    PosixFileAttributes now = Files.readAttributes(path, PosixFileAttributes.class);
    if (!now.isRegularFile()
        || channel.size() != item.size()
        || !Disk.modified(now).equals(item.modified().truncatedTo(ChronoUnit.MILLIS))) {
      throw changed();
    }
  }

  private LadingException changed() {
    return new LadingException(
        ErrorCode.CHANGED,
        "The file '" + Printable.of(item.name()) + "' changed since the download was made");
  }
}
