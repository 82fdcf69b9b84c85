package org.lading.store;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.zip.DeflaterOutputStream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.manifest.Target;

/**
 * The targets of a new download as one deflated stream, in memory or, where there is much, in a
 * temporary file: the transaction that writes them must not last as long as the request is parsed,
 * since an embedded database runs one after another. They are divided into rows that are small,
 * however large one target is, since an embedded database holds several copies of a row in memory.
 */
final class TargetSpool implements AutoCloseable {
  private static final int MAX_ROW_BYTES = 128 * 1024;
  private static final int MAX_BYTES_IN_MEMORY = 2 * MAX_ROW_BYTES;

  /** The size in bytes of the buffer before the deflater, which is slow with single bytes. */
  private static final int PLAIN_BUFFER = 64 * 1024;

  private final Deflated deflated = new Deflated();

  private TargetSpool() {}

  /** Takes all targets. */
  static TargetSpool of(Iterator<Target> targets) {
    TargetSpool spool = new TargetSpool();
    boolean isFilled = false;
    try {
      spool.fill(targets);
      isFilled = true;
      return spool;
    } catch (IOException e) {
      throw unavailable(e);
    } finally {
      if (!isFilled) {
        spool.close();
      }
    }
  }

  private void fill(Iterator<Target> targets) throws IOException {
    // Only the deflater is closed: its output is still to be read.
    try (DataOutputStream out =
        new DataOutputStream(
            new BufferedOutputStream(new DeflaterOutputStream(deflated), PLAIN_BUFFER))) {
      while (targets.hasNext()) {
        TargetCodec.write(out, targets.next());
      }
      TargetCodec.writeEnd(out);
    }
  }

  /** Writes the targets as those of one download, in the caller's transaction. */
  void insert(Handle handle, String id) {
    try {
      int chunk = 0;
      for (long offset = 0; offset < deflated.length; offset += MAX_ROW_BYTES) {
        handle.execute(
            "insert into target_chunk (download_id, chunk, data) values (?, ?, ?)",
            id,
            chunk++,
            deflated.read(offset, (int) Math.min(MAX_ROW_BYTES, deflated.length - offset)));
      }
    } catch (IOException e) {
      throw unavailable(e);
    }
  }

  private static LadingException unavailable(IOException e) {
    return new LadingException(
        ErrorCode.STORAGE_UNAVAILABLE, "The targets could not be kept in a temporary file", e);
  }

  @Override
  public void close() {
    try {
      deflated.discard();
    } catch (IOException e) {
      throw unavailable(e);
    }
  }

  /** The bytes, which stay when the stream is closed. */
  private static final class Deflated extends OutputStream {
    private final ByteArrayOutputStream memory = new ByteArrayOutputStream();
    private @Nullable FileChannel file;
    private long length;

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      length += count;
      FileChannel spilled = file;
      if (spilled == null && length > MAX_BYTES_IN_MEMORY) {
        spilled = open();
        file = spilled;
        writeAll(spilled, ByteBuffer.wrap(memory.toByteArray()));
        memory.reset();
      }
      if (spilled == null) {
        memory.write(bytes, offset, count);
      } else {
        writeAll(spilled, ByteBuffer.wrap(bytes, offset, count));
      }
    }

    private static FileChannel open() throws IOException {
      Path path = Files.createTempFile("lading-targets-", null);
      try {
        return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
      } finally {
        // It stays until it is closed, also by a kill.
        Files.delete(path);
      }
    }

    private static void writeAll(FileChannel file, ByteBuffer bytes) throws IOException {
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
    }

    byte[] read(long offset, int count) throws IOException {
      FileChannel spilled = file;
      ByteBuffer bytes = ByteBuffer.allocate(count);
      if (spilled == null) {
        bytes.put(memory.toByteArray(), (int) offset, count);
      } else {
        while (bytes.hasRemaining()) {
          if (spilled.read(bytes, offset + bytes.position()) < 0) {
            throw new IOException("the temporary file is shorter than what was written");
          }
        }
      }
      return bytes.array();
    }

    void discard() throws IOException {
      if (file != null) {
        file.close();
      }
    }
  }
}
