package org.lading.root.s3;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.lading.base.BulkInputStream;
import org.lading.base.LogContext;
import org.lading.base.PrintableText;
import org.lading.error.LadingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Reads an object, and fails if its ETag changes; if a body breaks off, another request resumes it.
 * It fails after {@link #MAX_FAILURES_IN_A_ROW} failures without a byte in between.
 */
final class ResumingObjectInputStream extends BulkInputStream {
  private static final Logger log = LoggerFactory.getLogger(ResumingObjectInputStream.class);

  /**
   * The number of failures in a row after which the stream fails; the SDK may make several attempts
   * for each.
   */
  static final int MAX_FAILURES_IN_A_ROW = 4;

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

  private final String root;
  private final S3Errors errors;
  private final S3Clients clients;
  private final ObjectOpener opener;
  private final long end;
  private long position;
  private int failuresInARow;
  private boolean closed;
  private @Nullable ObjectBody body;

  ResumingObjectInputStream(
      String root, S3Errors errors, S3Clients clients, ObjectOpener opener, long position) {
    this.root = root;
    this.errors = errors;
    this.clients = clients;
    this.opener = opener;
    this.end = Objects.checkIndex(opener.end(), opener.item().size() + 1);
    this.position = Objects.checkIndex(position, end + 1);
  }

  /** Makes the first request, so that an object that cannot be read fails before it is read. */
  void start() throws IOException {
    while (position < end && body == null) {
      try {
        body = opener.open(position);
      } catch (SdkException e) {
        // After many failures of other calls, the SDK gives up at the first one.
        recover(e);
      }
    }
  }

  @Override
  public int read(byte[] buffer, int start, int length) throws IOException {
    Objects.checkFromIndexSize(start, length, buffer.length);
    if (closed) {
      throw new IOException("the stream is closed");
    }
    if (position == end || length == 0) {
      return length == 0 ? 0 : -1;
    }
    int wanted = (int) Math.min(length, end - position);
    while (true) {
      try {
        ObjectBody open = body == null ? opener.open(position) : body;
        body = open;
        int read = open.read(position, buffer, start, wanted);
        position += read;
        failuresInARow = 0;
        if (position == end || !open.has(position)) {
          release();
        }
        return read;
      } catch (IOException | SdkException | IllegalStateException e) {
        recover(e);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    release();
  }

  /** Returns the connection to the pool after the last byte; otherwise closes it. */
  private void release() {
    ObjectBody closing = body;
    body = null;
    if (closing == null) {
      return;
    }
    try {
      closing.release();
    } catch (IOException | SdkException e) {
      log.debug("root {}: a connection cannot be reused", root, e);
      closing.abort();
    }
  }

  private void recover(Exception failure) throws IOException {
    release();
    requireInUse(failure);
    if (failure instanceof IllegalStateException unexpected) {
      throw unexpected;
    }
    failuresInARow++;
    boolean isPermanent = failure instanceof SdkException e && !S3Errors.isTransient(e);
    if (isPermanent || failuresInARow >= MAX_FAILURES_IN_A_ROW) {
      throw failure instanceof SdkException e
          ? errors.ofObject(opener.item().key(), e)
          : errors.unavailable(
              "broke off an object several times: " + S3Keys.quoted(opener.item().key()), failure);
    }
    log.warn(
        "{}root {}: {} broke off at {} of {} bytes: {}",
        LogContext.prefix(),
        root,
        PrintableText.of(opener.item().key()),
        position,
        opener.item().size(),
        PrintableText.of(failure.toString()));
    try {
      if (clients.isClosedWithin(FIRST_PAUSE.multipliedBy(1L << (failuresInARow - 1)))) {
        throw closedException(failure);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interruptedException(e);
    }
  }

  /** Throws if the root was closed or the reader interrupted, which is no failure of the store. */
  private void requireInUse(Exception failure) throws IOException {
    if (clients.isClosed()) {
      throw closedException(failure);
    }
    if (Thread.currentThread().isInterrupted()) {
      throw interruptedException(failure);
    }
  }

  private LadingException closedException(Exception cause) {
    return errors.unavailable("is not in use any more", cause);
  }

  private static InterruptedIOException interruptedException(Exception cause) {
    InterruptedIOException interrupted = new InterruptedIOException("interrupted");
    interrupted.initCause(cause);
    return interrupted;
  }
}
