package org.lading.root.watch;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.lading.base.BulkInputStream;

/**
 * A content whose reads are watched. It also fails if it comes too slowly: a store that sends a
 * byte now and then would hold a thread for years.
 */
final class WatchedInputStream extends BulkInputStream {
  /** The number of bytes that must come within a time, if there are as many left. */
  static final int MIN_BYTES = 64 * 1024;

  private final InputStream content;
  private final WatchedRoot root;
  private final long limitNanos;
  private long slowBytes;
  private long slowNanos;

  /**
   * Makes a stream of another one's bytes.
   *
   * @param limit the time that may be spent in reads until they have brought {@link #MIN_BYTES}
   */
  WatchedInputStream(InputStream content, WatchedRoot root, Duration limit) {
    this.content = content;
    this.root = root;
    this.limitNanos = limit.toNanos();
  }

  @Override
  public int read(byte[] buffer, int start, int length) throws IOException {
    long begin = System.nanoTime();
    int read = root.step("read", () -> content.read(buffer, start, length));
    slowNanos += System.nanoTime() - begin;
    slowBytes += Math.max(read, 0);
    if (slowBytes >= MIN_BYTES) {
      slowBytes = 0;
      slowNanos = 0;
    } else if (slowNanos > limitNanos && read >= 0) {
      throw root.tooSlow();
    }
    return read;
  }

  @Override
  public void close() throws IOException {
    root.closing(content::close);
  }
}
