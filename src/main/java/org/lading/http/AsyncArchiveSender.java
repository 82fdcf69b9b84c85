package org.lading.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.lading.base.Abandonable;
import org.lading.base.LogContext;
import org.lading.base.PrintableText;
import org.lading.download.Transfer;
import org.lading.limit.Pacer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies a body to a client without holding a thread or a buffer while the client is slow: a thread
 * of the pool reads on only when the container tells that the client can take more.
 *
 * <p>At most one thread runs a sender: a run ends when the output is not ready, and the container
 * calls {@link #onWritePossible} once after each such answer.
 */
final class AsyncArchiveSender implements WriteListener, AsyncListener, Runnable, Abandonable {
  /** The request attribute with the failure that ended a body; the filter rethrows it. */
  static final String FAILURE = AsyncArchiveSender.class.getName() + ".failure";

  private static final Logger log = LoggerFactory.getLogger(AsyncArchiveSender.class);

  /**
   * The number of bytes that are sent to one fast client before other senders can use the thread.
   */
  private static final int MAX_TURN_BYTES = 4 << 20;

  private final AsyncContext async;
  private final ServletOutputStream out;
  private final LeasedInputStream source;
  private final Transfer transfer;
  private final String subject;
  private final SharedParts shared;

  /** The buffer whose first bytes were read and not written, or the empty buffer. */
  private byte[] unwritten = BufferPool.NONE;

  private int unwrittenBytes;
  private boolean isListening;

  /** Whether the bytes of the next buffer are taken from the pacer. */
  private boolean isPaid;

  /**
   * Whether the response may still buffer bytes. At the end of a request Tomcat would send these
   * before bytes that wait for the client: out of order, so that the client could not resume.
   */
  private boolean needsFlush;

  /**
   * Guards all calls of the container. Its objects serve another request soon after this one has
   * ended, so they are not called from then on.
   */
  private final Object containerLock = new Object();

  private boolean isEnded;

  /** Whether a write failed: the container will end the request, and call {@link #onError}. */
  private boolean isAbandoned;

  private boolean isReading;

  /**
   * The collaborators that all senders share.
   *
   * @param executor has the threads that read sources
   * @param buffers the buffers that senders take while they read
   * @param pacer says when the next buffer may be read and sent
   * @param running the senders whose source is not closed
   */
  record SharedParts(
      Executor executor, BufferPool buffers, Pacer pacer, Set<AsyncArchiveSender> running) {}

  /** A call of the container. */
  @FunctionalInterface
  private interface ContainerCall {
    void run() throws IOException;
  }

  /**
   * Makes a sender, which {@link #begin} starts.
   *
   * @param source the body, which is closed at the end
   * @param subject the beginning of log lines: {@code Download ID}
   */
  AsyncArchiveSender(
      AsyncContext async, LeasedInputStream source, String subject, SharedParts shared)
      throws IOException {
    this.async = async;
    this.out = async.getResponse().getOutputStream();
    this.source = source;
    this.transfer = source.transfer();
    this.subject = subject;
    this.shared = shared;
    shared.running().add(this);
  }

  /**
   * Reads the first bytes before anything is sent, so that a failure can still be a reply. It does
   * so on a thread of the pool, not the container's, since it may wait for a store.
   */
  void begin() {
    runLater();
  }

  @Override
  public void onWritePossible() {
    runLater();
  }

  /** Ends the request, whose client is gone or no longer reads. */
  @Override
  public void onError(Throwable failure) {
    log.debug("{} was abandoned by its client", subject, failure);
    transfer.end(Transfer.Ending.CLIENT);
    synchronized (containerLock) {
      isAbandoned = false;
      end(async::complete);
    }
    closeUnlessReading();
  }

  /**
   * Ends the request: after a write failed on a thread of the pool, the container calls this
   * listener only. It waits here until that write has returned, before it reuses its objects.
   */
  @Override
  public void onError(AsyncEvent event) {
    onError(event.getThrowable() == null ? new IOException("unknown") : event.getThrowable());
  }

  /** Does nothing: this sender has ended the request. */
  @Override
  public void onComplete(AsyncEvent event) {}

  /** Does nothing, and is not called: there is no timeout. */
  @Override
  public void onTimeout(AsyncEvent event) {}

  /** Does nothing, and is not called: nothing starts the context again. */
  @Override
  public void onStartAsync(AsyncEvent event) {}

  @Override
  public void run() {
    LogContext.during(subject, this::readAndSend);
  }

  /**
   * Ends the request, whose source does not answer. The thread that reads keeps its buffer, and
   * closes the source if it ever returns.
   */
  @Override
  public void abandon(RuntimeException reason) {
    fail(reason);
  }

  private synchronized void readAndSend() {
    boolean isOver;
    synchronized (containerLock) {
      isOver = isEnded || isAbandoned;
      isReading = !isOver;
    }
    if (isOver) {
      if (isPaid) {
        isPaid = false;
        shared.pacer().giveBack(shared.buffers().size());
      }
      closeSource();
      return;
    }
    byte[] buffer = unwrittenBytes == 0 ? shared.buffers().take() : unwritten;
    try {
      if (isListening) {
        sendWhileReady(buffer);
      } else if (isItsTurn() && fill(buffer)) {
        isListening = true;
        call(() -> out.setWriteListener(this));
      }
    } catch (Error e) {
      // Probably memory ran out; the client must not wait for ever.
      fail(e);
      throw e;
    } finally {
      unwritten = unwrittenBytes == 0 ? BufferPool.NONE : buffer;
      if (unwrittenBytes == 0) {
        shared.buffers().giveBack(buffer);
      }
      synchronized (containerLock) {
        isReading = false;
      }
      closeIfEnded();
    }
  }

  /** Closes the source; further calls do nothing. */
  private void closeSource() {
    if (!shared.running().remove(this)) {
      return;
    }
    try {
      source.close();
    } catch (IOException | RuntimeException e) {
      log.warn("{} did not close its source", subject, e);
    }
  }

  private void sendWhileReady(byte[] buffer) {
    int sentInTurn = 0;
    while (isReady()) {
      if (unwrittenBytes > 0) {
        sentInTurn += unwrittenBytes;
        if (call(() -> out.write(buffer, 0, unwrittenBytes))) {
          transfer.addSent(unwrittenBytes);
        }
        unwrittenBytes = 0;
        needsFlush = true;
      } else if (needsFlush) {
        call(out::flush);
        needsFlush = false;
      } else if (sentInTurn >= MAX_TURN_BYTES) {
        runLater();
        return;
      } else if (!isItsTurn() || !fill(buffer)) {
        return;
      }
    }
  }

  /** Returns whether the next buffer may be sent; if not, this sender is run when it may. */
  private boolean isItsTurn() {
    isPaid = isPaid || shared.pacer().take(shared.buffers().size(), this::runPaid);
    return isPaid;
  }

  /** Runs when the turn has come, on a thread of the pacer. Nothing else runs meanwhile. */
  private void runPaid() {
    try {
      shared.executor().execute(() -> LogContext.during(subject, this::readAndSendPaid));
    } catch (RejectedExecutionException stopping) {
      fail(stopping);
      closeUnlessReading();
    }
  }

  private synchronized void readAndSendPaid() {
    isPaid = true;
    readAndSend();
  }

  /**
   * Fills the buffer from the source; false, and the request is ended, at the end or on a failure.
   */
  private boolean fill(byte[] buffer) {
    try {
      // With read(), the small records between small files would be sent one by one.
      unwrittenBytes = source.readNBytes(buffer, 0, buffer.length);
    } catch (IOException | RuntimeException e) {
      fail(e);
      return false;
    } finally {
      isPaid = false;
      shared.pacer().giveBack(buffer.length - unwrittenBytes);
    }
    if (unwrittenBytes == 0) {
      transfer.end(Transfer.Ending.COMPLETE);
      end(async::complete);
    }
    return unwrittenBytes > 0;
  }

  private void runLater() {
    try {
      shared.executor().execute(this);
    } catch (RejectedExecutionException stopping) {
      fail(stopping);
      closeUnlessReading();
    }
  }

  /**
   * Calls the filter again with a failure; the filter replies with it, or cuts off a body that has
   * begun.
   */
  private void fail(Throwable failure) {
    transfer.endBy(failure);
    end(
        () -> {
          if (async.getResponse().isCommitted()) {
            log.warn("{} breaks off: {}", subject, PrintableText.of(failure.toString()));
          }
          async.getRequest().setAttribute(FAILURE, failure);
          async.dispatch();
        });
  }

  /** Calls the filter again with a failure before a sender was there to do so. */
  static void dispatch(AsyncContext async, Throwable failure) {
    try {
      async.getRequest().setAttribute(FAILURE, failure);
      async.dispatch();
    } catch (IllegalStateException | UnsupportedOperationException e) {
      // Tomcat throws the latter when it has begun to undeploy the application.
      log.debug("A request was ended by its container", e);
    }
  }

  private boolean isReady() {
    boolean[] ready = {false};
    call(() -> ready[0] = out.isReady());
    return ready[0];
  }

  /** Calls the container, unless the request has ended; false if it failed, or did not. */
  private boolean call(ContainerCall containerCall) {
    synchronized (containerLock) {
      if (isEnded || isAbandoned) {
        return false;
      }
      try {
        containerCall.run();
        return true;
      } catch (IOException | IllegalStateException e) {
        log.debug("{} was abandoned by its client", subject, e);
        isAbandoned = true;
      }
    }
    transfer.end(Transfer.Ending.CLIENT);
    return false;
  }

  private void end(Runnable action) {
    synchronized (containerLock) {
      if (isEnded || isAbandoned) {
        return;
      }
      isEnded = true;
      try {
        action.run();
      } catch (IllegalStateException | UnsupportedOperationException e) {
        // Tomcat throws the latter when it has begun to undeploy the application.
        log.debug("{} was ended by its container", subject, e);
      }
    }
  }

  /** Closes the source, unless a thread reads it, which closes it afterwards. */
  void closeUnlessReading() {
    boolean idle;
    synchronized (containerLock) {
      idle = !isReading;
    }
    if (idle) {
      closeSource();
    }
  }

  private void closeIfEnded() {
    boolean over;
    synchronized (containerLock) {
      over = isEnded || isAbandoned;
    }
    if (over) {
      closeSource();
    }
  }
}
