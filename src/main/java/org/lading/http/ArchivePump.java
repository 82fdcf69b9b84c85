package org.lading.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongConsumer;
import org.lading.base.LogContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves a body to a client without holding a thread, or a buffer, while the client is slow: the
 * container tells when it can take more, and only then a thread of the pool reads on.
 *
 * <p>At most one thread is at work for one pump: the container calls {@link #onWritePossible} once
 * for each time that the output said it was not ready, and a run ends with that.
 */
final class ArchivePump implements WriteListener, AsyncListener, Runnable {
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
  private final BufferPool buffers;
  private final Set<ArchivePump> running;
  private final LongConsumer sent;

  /** What was read and not written, in its first bytes; else none. */
  private byte[] unwritten = BufferPool.NONE;

  private int filled;
  private boolean begun;

  /**
   * Whether the response may still have what was written. Were it left there, Tomcat would send it
   * before what waits for the client when it ends a request: out of order, so that nothing could be
   * resumed.
   */
  private boolean unflushed;

  /**
   * Guards what is asked of the container. Its objects serve another request soon after this one
   * has ended, so none is touched from then on.
   */
  private final Object gate = new Object();

  private boolean ended;

  /** A write failed: the container is about to end the request, and says so. */
  private boolean left;

  private boolean reading;

  /** Something that the container is asked for. */
  @FunctionalInterface
  private interface ContainerCall {
    void ask() throws IOException;
  }

  /**
   * A pump that has to {@link #begin}.
   *
   * @param id the download, for the log
   * @param buffers where it gets a buffer while it reads
   * @param running where it is until its source is closed
   * @param sent is told how many bytes were handed to the container
   */
  ArchivePump(
      AsyncContext async,
      Executor executor,
      String id,
      InputStream in,
      BufferPool buffers,
      Set<ArchivePump> running,
      LongConsumer sent)
      throws IOException {
    this.sent = sent;
    this.async = async;
    this.out = async.getResponse().getOutputStream();
    this.executor = executor;
    this.id = id;
    this.in = in;
    this.buffers = buffers;
    this.running = running;
    running.add(this);
  }

  /**
   * Reads the beginning before anything is sent, so that what fails there is still an answer; not
   * on this thread, which is the container's, since a store may have to be waited for.
   */
  void begin() {
    runLater();
  }

  @Override
  public void onWritePossible() {
    runLater();
  }

  /** The client is gone, or reads nothing any more. */
  @Override
  public void onError(Throwable failure) {
    log.debug("Download {} was left by its client", id, failure);
    synchronized (gate) {
      left = false;
      end(async::complete);
    }
    closeUnlessReading();
  }

  /**
   * As above: a container that has seen a write fail on a thread of ours asks this listener only.
   * It waits here until that write has come back, and only then gives its objects to others.
   */
  @Override
  public void onError(AsyncEvent event) {
    onError(event.getThrowable() == null ? new IOException("unknown") : event.getThrowable());
  }

  /** Nothing to do: whatever ended the request did so through this pump. */
  @Override
  public void onComplete(AsyncEvent event) {}

  /** Never called, since no timeout is set. */
  @Override
  public void onTimeout(AsyncEvent event) {}

  /** Never called, since nothing starts it again. */
  @Override
  public void onStartAsync(AsyncEvent event) {}

  @Override
  public void run() {
    LogContext.during("Download " + id, this::pump);
  }

  private synchronized void pump() {
    boolean isOver;
    synchronized (gate) {
      isOver = ended || left;
      reading = !isOver;
    }
    if (isOver) {
      closeInput();
      return;
    }
    byte[] buffer = filled == 0 ? buffers.take() : unwritten;
    try {
      if (begun) {
        sendWhileReady(buffer);
      } else if (fill(buffer)) {
        begun = true;
        ask(() -> out.setWriteListener(this));
      }
    } catch (Error e) {
      // Most likely memory ran out; whatever it is, the client must not wait for ever.
      fail(e);
      throw e;
    } finally {
      unwritten = filled == 0 ? BufferPool.NONE : buffer;
      if (filled == 0) {
        buffers.give(buffer);
      }
      synchronized (gate) {
        reading = false;
      }
      closeIfEnded();
    }
  }

  /** Closes the source; nothing happens the second time. */
  void closeInput() {
    if (!running.remove(this)) {
      return;
    }
    try {
      in.close();
    } catch (IOException e) {
      log.warn("Download {} did not close its source", id, e);
    }
  }

  private void sendWhileReady(byte[] buffer) {
    int turn = 0;
    while (isReady()) {
      if (filled > 0) {
        turn += filled;
        ask(() -> out.write(buffer, 0, filled));
        sent.accept(filled);
        filled = 0;
        unflushed = true;
      } else if (unflushed) {
        ask(out::flush);
        unflushed = false;
      } else if (turn >= TURN_BYTES) {
        runLater();
        return;
      } else if (!fill(buffer)) {
        return;
      }
    }
  }

  /** Reads on; false if that was the end, or failed. */
  private boolean fill(byte[] buffer) {
    try {
      // Not read(): the small records between small files would each be sent alone.
      filled = in.readNBytes(buffer, 0, buffer.length);
    } catch (IOException | RuntimeException e) {
      fail(e);
      return false;
    }
    if (filled == 0) {
      end(async::complete);
    }
    return filled > 0;
  }

  private void runLater() {
    try {
      executor.execute(this);
    } catch (RejectedExecutionException stopping) {
      fail(stopping);
      closeUnlessReading();
    }
  }

  /**
   * The filter, called again, makes it an answer, or cuts a body that cannot take back its length.
   */
  private void fail(Throwable failure) {
    end(
        () -> {
          if (async.getResponse().isCommitted()) {
            log.warn("Download {} breaks off: {}", id, failure.toString());
          }
          async.getRequest().setAttribute(FAILURE, failure);
          async.dispatch();
        });
  }

  private boolean isReady() {
    boolean[] ready = {false};
    ask(() -> ready[0] = out.isReady());
    return ready[0];
  }

  /** Asks the container for something, unless the request has ended. */
  private void ask(ContainerCall question) {
    synchronized (gate) {
      if (ended || left) {
        return;
      }
      try {
        question.ask();
      } catch (IOException | IllegalStateException e) {
        log.debug("Download {} was left by its client", id, e);
        left = true;
      }
    }
  }

  private void end(Runnable how) {
    synchronized (gate) {
      if (ended || left) {
        return;
      }
      ended = true;
      try {
        how.run();
      } catch (IllegalStateException | UnsupportedOperationException e) {
        // The latter is what Tomcat says when it has begun to undeploy the application.
        log.debug("Download {} was ended by its container", id, e);
      }
    }
  }

  /** A reader may wait for a store; it closes the source when it comes back. */
  private void closeUnlessReading() {
    boolean idle;
    synchronized (gate) {
      idle = !reading;
    }
    if (idle) {
      closeInput();
    }
  }

  private void closeIfEnded() {
    boolean over;
    synchronized (gate) {
      over = ended || left;
    }
    if (over) {
      closeInput();
    }
  }
}
