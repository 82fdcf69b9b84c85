package org.lading.body;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;
import org.lading.base.BulkInputStream;
import org.lading.base.ByteBuilder;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/**
 * The body of a request, which can be read several times and from any position. A small body is
 * held in memory, a larger one in a file. It is written by one thread at a time, and then read.
 */
public final class SpooledBody implements AutoCloseable {
  private static final int MAX_IN_MEMORY = 16 * 1024;
  private static final int FIRST_CAPACITY = 512;

  private final BodySpool spool;
  private ByteBuilder head = new ByteBuilder(FIRST_CAPACITY);
  private @Nullable FileChannel file;
  private long onDisk;
  private boolean closed;

  SpooledBody(BodySpool spool) {
    this.spool = spool;
  }

  /**
   * Appends bytes.
   *
   * @throws LadingException {@code BUSY} if other bodies take the room, {@code STORAGE_UNAVAILABLE}
   *     if the disk takes no more
   */
  void append(byte[] bytes, int count) {
    if (file == null && head.length() + count <= MAX_IN_MEMORY) {
      head.append(bytes, 0, count);
      return;
    }
    try {
      if (file == null) {
        byte[] first = head.toByteArray();
        file = spool.openFile();
        write(file, first, first.length);
        head = new ByteBuilder(0);
      }
      write(file, bytes, count);
    } catch (IOException e) {
      throw new LadingException(
          ErrorCode.STORAGE_UNAVAILABLE, "There is no room for the request body", e);
    }
  }

  private void write(FileChannel out, byte[] bytes, int count) throws IOException {
    spool.take(count);
    onDisk += count;
    ByteBuffer rest = ByteBuffer.wrap(bytes, 0, count);
    while (rest.hasRemaining()) {
      out.write(rest);
    }
  }

  /** Returns the length in bytes. */
  public long length() {
    return file == null ? head.length() : onDisk;
  }

  /** Opens a stream of the bytes from a position on; it ends with the body, if not before. */
  public InputStream open(long position) {
    FileChannel source = file;
    if (source != null) {
      return new FileInputStream(source, position);
    }
    int from = Math.toIntExact(position);
    return new ByteArrayInputStream(head.toByteArray(), from, head.length() - from);
  }

  /** Gives memory and disk free; a second call does nothing. */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    spool.end(onDisk);
    if (file != null) {
      file.close();
    }
  }

  private static final class FileInputStream extends BulkInputStream {
    private final FileChannel source;
    private long position;

    FileInputStream(FileChannel source, long position) {
      this.source = source;
      this.position = position;
    }

    @Override
    public int read(byte[] buffer, int start, int length) throws IOException {
      int count = source.read(ByteBuffer.wrap(buffer, start, length), position);
      position += Math.max(count, 0);
      return count;
    }
  }
}
