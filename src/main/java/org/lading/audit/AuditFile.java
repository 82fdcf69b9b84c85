package org.lading.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The file of an audit log, to which whole lines are appended. Who rotates it may move it away, or
 * cut it to no bytes: the next lines go to the file that has the name then.
 */
final class AuditFile implements AutoCloseable {
  /** The rights of a file that is made: others than its group may not read who fetched what. */
  private static final FileAttribute<?>[] RIGHTS = {
    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"))
  };

  private static final byte LINE_FEED = '\n';

  private final Path path;
  private @Nullable FileChannel channel;
  private @Nullable Object key;

  /** Whether the last write ended within a line, as on a full disk. */
  private boolean isWithinLine;

  /** Makes one of a path; {@link #open} opens it. */
  AuditFile(Path path) {
    this.path = path;
  }

  /** Opens the file, and makes it if it is missing. */
  void open() throws IOException {
    close();
    channel =
        FileChannel.open(
            path,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
            RIGHTS);
    key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }

  /**
   * Appends lines.
   *
   * @param lines text that ends in a line feed; afterwards its position is that of the first byte
   *     that was not written
   */
  void append(ByteBuffer lines) throws IOException {
    if (channel == null || isMoved()) {
      open();
    }
    FileChannel open = Objects.requireNonNull(channel);
    if (isWithinLine) {
      open.write(ByteBuffer.wrap(new byte[] {LINE_FEED}));
      isWithinLine = false;
    }
    int begin = lines.position();
    try {
      while (lines.hasRemaining()) {
        open.write(lines);
      }
    } finally {
      int end = lines.position();
      isWithinLine = end > begin && lines.get(end - 1) != LINE_FEED;
    }
  }

  private boolean isMoved() throws IOException {
    try {
      return !Objects.equals(Files.readAttributes(path, BasicFileAttributes.class).fileKey(), key);
    } catch (NoSuchFileException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }
}
