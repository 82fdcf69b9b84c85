package org.lading.body;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/**
 * The directory of request bodies while they are read and used, and what all of them may take of
 * memory and disk together. Its files have no name from the moment they are open: nothing is left
 * of them when the process ends, however it ends.
 */
public final class BodySpool {
  /** The maximum number of bodies; each holds at most 16 KiB of heap. */
  private static final int MAX_BODIES = 1000;

  /** The maximum number of bytes of all files, if one body may not be larger. */
  private static final long MAX_BYTES = 1L << 30;

  private final Path directory;
  private final long maxBytes;
  private final AtomicInteger bodies = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  /**
   * Makes a spool.
   *
   * @param directory is created when it is first needed
   * @param maxBodyBytes the maximum number of bytes of one body
   */
  public BodySpool(Path directory, long maxBodyBytes) {
    this.directory = directory;
    this.maxBytes = Math.max(MAX_BYTES, maxBodyBytes);
  }

  /** Returns how many bodies are being read or used. */
  public int bodies() {
    return bodies.get();
  }

  /** Returns how many bytes of bodies are on disk. */
  public long bytes() {
    return bytes.get();
  }

  /** Begins an empty body; {@code BUSY} if there are too many. */
  public SpooledBody begin() {
    if (bodies.incrementAndGet() > MAX_BODIES) {
      bodies.decrementAndGet();
      throw new LadingException(
          ErrorCode.BUSY, "The server is reading " + MAX_BODIES + " other request bodies");
    }
    return new SpooledBody(this);
  }

  /** Ends a body that had a number of bytes on disk. */
  void end(long onDisk) {
    bytes.addAndGet(-onDisk);
    bodies.decrementAndGet();
  }

  /** Takes room for bytes on disk; {@code BUSY} if there is none. */
  void take(long count) {
    if (bytes.addAndGet(count) > maxBytes) {
      bytes.addAndGet(-count);
      throw new LadingException(
          ErrorCode.BUSY, "The request bodies that are being read have " + maxBytes + " bytes");
    }
  }

  /** Opens a new file, which is gone when it is closed. */
  FileChannel openFile() throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    return FileChannel.open(
        directory.resolve(UUID.randomUUID().toString()),
        StandardOpenOption.CREATE_NEW,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE,
        StandardOpenOption.DELETE_ON_CLOSE);
  }
}
