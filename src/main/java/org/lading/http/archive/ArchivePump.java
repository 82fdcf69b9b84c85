package org.lading.http.archive;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves a body to a client without holding a thread while the client is slow: the container tells
 * when it can take more, and only then a thread of the pool reads on.
 *
 * <p>At most one thread is at work for one pump: the container calls {@link #onWritePossible} once
 * for each time that the output said it was not ready, and a run ends with that.
 */
final class ArchivePump implements WriteListener, Runnable {
  /** The request attribute with the failure that ended a body; the filter rethrows it. */
  static final String FAILURE = ArchivePump.class.getName() + ".failure";

  private static final Logger log = LoggerFactory.getLogger(ArchivePump.class);

  /** So much is sent to one fast client before the others have their turn. */
  private static final int TURN_BYTES = 4 << 20;

  private final AsyncContext async;
  private final ServletOutputStream out;
  private final Executor executor;
  private final String id;
  private final InputStream in;
  private final byte[] buffer;
  private int filled;

  /**
   * A pump that begins with what was read already.
   *
   * @param id the download, for the log
   * @param buffer to read with; its first {@code filled} bytes go out first
   */
  ArchivePump(
      AsyncContext async, Executor executor, String id, InputStream in, byte[] buffer, int filled)
      throws IOException {
    this.async = async;
    this.out = async.getResponse().getOutputStream();
    this.executor = executor;
    this.id = id;
    this.in = in;
    this.buffer = buffer;
    this.filled = filled;
  }

  @Override
  public void onWritePossible() {
    executor.execute(this);
  }

  /** The client is gone, or reads nothing any more. */
  @Override
  public void onError(Throwable failure) {
    log.debug("Download {} was left by its client", id, failure);
    executor.execute(
        () -> {
          closeInput();
          async.complete();
        });
  }

  @Override
  public synchronized void run() {
    try {
      int turn = 0;
      while (out.isReady()) {
        if (filled == 0) {
          closeInput();
          async.complete();
          return;
        }
        out.write(buffer, 0, filled);
        turn += filled;
        // Not read(): the small records between small files would each be sent alone.
        filled = in.readNBytes(buffer, 0, buffer.length);
        if (turn >= TURN_BYTES) {
          executor.execute(this);
          return;
        }
      }
    } catch (IOException | RuntimeException e) {
      fail(e);
    }
  }

  /** A body cannot take back its length: the filter, called again, throws so that it is cut. */
  private void fail(Exception failure) {
    log.warn("Download {} breaks off: {}", id, failure.toString());
    closeInput();
    async.getRequest().setAttribute(FAILURE, failure);
    async.dispatch();
  }

  private synchronized void closeInput() {
    try {
      in.close();
    } catch (IOException e) {
      log.warn("Download {} did not close its source", id, e);
    }
  }
}
