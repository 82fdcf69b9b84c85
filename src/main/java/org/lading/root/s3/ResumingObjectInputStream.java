package org.lading.root.s3;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.lading.base.BlockInputStream;
import org.lading.base.LogContext;
import org.lading.base.PrintableText;
import org.lading.error.LadingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Reads an object whose ETag must stay what it was; a body that breaks is taken up where it broke,
 * a few times in a row at most.
 */
final class ResumingObjectInputStream extends BlockInputStream {
  private static final Logger log = LoggerFactory.getLogger(ResumingObjectInputStream.class);

  /** Each may stand for several attempts, since the SDK repeats a call that gives no body. */
  static final int FAILURES_IN_A_ROW = 4;

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

  private final String root;
  private final S3Errors failures;
  private final S3Connection connection;
  private final ObjectContent content;
  private final long end;
  private long position;
  private int failed;
  private boolean closed;
  private @Nullable ResponseInputStream<GetObjectResponse> body;

  ResumingObjectInputStream(
      String root,
      S3Errors failures,
      S3Connection connection,
      ObjectContent content,
      long position) {
    this.root = root;
    this.failures = failures;
    this.connection = connection;
    this.content = content;
    this.end = Objects.checkIndex(content.end(), content.item().size() + 1);
    this.position = Objects.checkIndex(position, end + 1);
  }

  /** Asks for the object now, so that what is wrong with it is known before it is read. */
  void start() throws IOException {
    while (position < end && body == null) {
      try {
        body = content.from(position);
      } catch (SdkException e) {
        // The SDK gives up at the first failure where many calls failed at once.
        takeUpAgain(e);
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
        ResponseInputStream<GetObjectResponse> open = body == null ? content.from(position) : body;
        body = open;
        int read = open.read(buffer, start, wanted);
        if (read < 0) {
          throw new EOFException("the body ended early");
        }
        position += read;
        failed = 0;
        if (position == end) {
          release();
        }
        return read;
      } catch (IOException | SdkException | IllegalStateException e) {
        takeUpAgain(e);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    release();
  }

  /** Gives the connection back if nothing is left in it, and otherwise ends it. */
  private void release() {
    ResponseInputStream<GetObjectResponse> done = body;
    body = null;
    if (done == null) {
      return;
    }
    if (position == end) {
      try {
        done.close();
        return;
      } catch (IOException | SdkException e) {
        log.debug("root {}: a connection could not be used again", root, e);
      }
    }
    // Closing would read what is left of the body.
    done.abort();
  }

  private void takeUpAgain(Exception failure) throws IOException {
    release();
    requireGoingOn(failure);
    if (failure instanceof IllegalStateException unexpected) {
      throw unexpected;
    }
    failed++;
    boolean lasting = failure instanceof SdkException e && !S3Errors.mayPass(e);
    if (lasting || failed >= FAILURES_IN_A_ROW) {
      throw failure instanceof SdkException e
          ? failures.unavailable(e)
          : failures.unavailable("broke off an object several times", failure);
    }
    log.warn(
        "{}root {}: {} broke at {} of {} bytes: {}",
        LogContext.prefix(),
        root,
        PrintableText.of(content.item().key()),
        position,
        content.item().size(),
        PrintableText.of(failure.toString()));
    try {
      if (connection.isClosedWithin(FIRST_PAUSE.multipliedBy(1L << (failed - 1)))) {
        throw ended(failure);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(e);
    }
  }

  /** A root that was closed, or a reader that was interrupted, is no failure of the store. */
  private void requireGoingOn(Exception failure) throws IOException {
    if (connection.isClosed()) {
      throw ended(failure);
    }
    if (Thread.currentThread().isInterrupted()) {
      throw interrupted(failure);
    }
  }

  private LadingException ended(Exception cause) {
    return failures.unavailable("is not in use any more", cause);
  }

  private static InterruptedIOException interrupted(Exception cause) {
    InterruptedIOException interrupted = new InterruptedIOException("interrupted");
    interrupted.initCause(cause);
    return interrupted;
  }
}
