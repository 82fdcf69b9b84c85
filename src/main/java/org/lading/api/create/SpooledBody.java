package org.lading.api.create;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/**
 * The body of a request, which can be read several times, because it is checked as a whole before
 * it is used. A small body is held in memory, a larger one in a temporary file.
 */
final class SpooledBody implements AutoCloseable {
  private static final int MAX_IN_MEMORY = 64 * 1024;

  private final byte[] head;
  private final @Nullable Path file;
  private final List<InputStream> opened = new ArrayList<>();

  private SpooledBody(byte[] head, @Nullable Path file) {
    this.head = head;
    this.file = file;
  }

  /**
   * Reads a body to its end.
   *
   * @param declared the length that the client declared, or -1
   * @param limit the maximum number of bytes; a longer body is {@code TOO_LARGE}
   * @param directory the directory for a temporary file
   */
  static SpooledBody read(InputStream in, long declared, long limit, Path directory) {
    requireWithin(limit, declared);
    byte[] head = readPart(in);
    requireWithin(limit, head.length);
    if (head.length < MAX_IN_MEMORY) {
      return new SpooledBody(head, null);
    }
    try {
      Path file = Files.createTempFile(directory, "create", ".json");
      SpooledBody body = new SpooledBody(new byte[0], file);
      try {
        spool(head, in, limit, file);
        return body;
      } catch (IOException | RuntimeException e) {
        body.close();
        throw e;
      }
    } catch (IOException e) {
      throw new LadingException(
          ErrorCode.STORAGE_UNAVAILABLE, "There is no room for the request body", e);
    }
  }

  /** Returns the length in bytes. */
  long length() throws IOException {
    return file == null ? head.length : Files.size(file);
  }

  /** Opens a stream of the whole body; closing the body closes it. */
  InputStream open() throws IOException {
    if (file == null) {
      return new ByteArrayInputStream(head);
    }
    InputStream stream = Files.newInputStream(file);
    opened.add(stream);
    return stream;
  }

  @Override
  public void close() throws IOException {
    for (InputStream stream : opened) {
      stream.close();
    }
    if (file != null) {
      Files.deleteIfExists(file);
    }
  }

  private static void spool(byte[] head, InputStream in, long limit, Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      long total = 0;
      for (byte[] part = head; part.length > 0; part = readPart(in)) {
        total += part.length;
        requireWithin(limit, total);
        out.write(part);
      }
    }
  }

  /** Reads the next part; a body that ends too early is {@code UNPARSEABLE}. */
  private static byte[] readPart(InputStream in) {
    try {
      return in.readNBytes(MAX_IN_MEMORY);
    } catch (IOException e) {
      throw new LadingException(ErrorCode.UNPARSEABLE, "The request body ended too early", e);
    }
  }

  private static void requireWithin(long limit, long length) {
    if (length > limit) {
      throw new LadingException(
          ErrorCode.TOO_LARGE, "The request body has more than " + limit + " bytes");
    }
  }
}
