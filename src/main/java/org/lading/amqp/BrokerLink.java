package org.lading.amqp;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.lading.base.PrintableException;
import org.lading.base.PrintableText;
import org.lading.error.LadingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that keeps one connection to the broker and works with it. When the connection or the
 * work ends, it connects again, as often as it takes, after pauses that grow while nothing lasts.
 */
final class BrokerLink implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(BrokerLink.class);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration MAX_PAUSE = Duration.ofSeconds(15);

  /** The number of pauses after which they no longer grow. */
  private static final int MAX_DOUBLINGS = 6;

  /** The time after which work counts as having lasted. */
  private static final Duration LASTING = Duration.ofSeconds(10);

  private static final Duration TIME_TO_STOP = Duration.ofMillis(1500);
  private static final int ABORT_MILLIS = 500;

  private final String role;
  private final BrokerConnector connector;
  private final Work work;
  private final Thread thread;
  private final CountDownLatch stop = new CountDownLatch(1);
  private volatile @Nullable Connection connection;
  private volatile @Nullable String trouble = "there was no connection to the broker yet";

  /** What is done with the connection. */
  interface Work {
    /** Checks, before each connection, that the work can be done; throws if it cannot. */
    void check();

    /**
     * Works until the connection ends, or {@link #stop} is called; it throws unless the latter was.
     *
     * @param begun is to be run when the work has begun
     */
    void run(Connection connection, Runnable begun)
        throws IOException, TimeoutException, InterruptedException;

    /** Has {@link #run} return when it is done with what it has begun. */
    void stop();
  }

  /**
   * Makes a link, which begins with {@link #start}.
   *
   * @param role what the connection is for
   */
  BrokerLink(String role, BrokerConnector connector, Work work) {
    this.role = role;
    this.connector = connector;
    this.work = work;
    this.thread = new Thread(this::run, "lading-amqp-" + role);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Returns why nothing is done, in a few words, or null while the work goes on. */
  @Nullable String trouble() {
    return trouble;
  }

  /** Ends the connection at once; the thread then makes another one. */
  void reset() {
    Connection open = connection;
    if (open != null) {
      open.abort(ABORT_MILLIS);
    }
  }

  /** Has the thread stop when it is done with what it has begun. */
  void beginToStop() {
    stop.countDown();
    work.stop();
  }

  /** Stops the thread, and ends the connection. */
  @Override
  public void close() {
    beginToStop();
    try {
      thread.join(TIME_TO_STOP.toMillis());
      if (thread.isAlive()) {
        reset();
        thread.interrupt();
        thread.join(TIME_TO_STOP.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isStopping() {
    return stop.getCount() == 0;
  }

  private void run() {
    int failures = 0;
    try {
      while (!isStopping()) {
        long began = System.nanoTime();
        runOnce();
        failures = System.nanoTime() - began >= LASTING.toNanos() ? 0 : failures + 1;
        if (stop.await(pause(failures).toMillis(), TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Duration pause(int failures) {
    Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failures, MAX_DOUBLINGS));
    return pause.compareTo(MAX_PAUSE) < 0 ? pause : MAX_PAUSE;
  }

  private void runOnce() throws InterruptedException {
    try {
      work.check();
      Connection opened = connector.open(role);
      connection = opened;
      try {
        work.run(opened, this::begun);
      } finally {
        opened.abort(ABORT_MILLIS);
        connection = null;
      }
    } catch (IOException
        | TimeoutException
        | GeneralSecurityException
        | LadingException
        | ShutdownSignalException e) {
      ended(reason(e));
    } catch (RuntimeException | Error e) {
      // Whatever it was, a lack of memory say, may be over the next time.
      log.error("The {} of messages failed, and is tried again", role, PrintableException.of(e));
      ended("it failed; the log has the details");
    }
  }

  private void begun() {
    trouble = null;
    log.info("The {} of messages is connected to the broker", role);
  }

  private void ended(String reason) {
    if (isStopping()) {
      return;
    }
    if (!reason.equals(trouble)) {
      log.warn("The {} of messages is not connected, and tries again: {}", role, reason);
    }
    trouble = reason;
  }

  /** Returns what an exception says, or the first of its causes that says something. */
  static String reason(Throwable failure) {
    Throwable said = failure;
    while (said.getMessage() == null && said.getCause() != null) {
      said = said.getCause();
    }
    String words = said.getMessage() == null ? said.getClass().getSimpleName() : said.getMessage();
    return PrintableText.of(words);
  }
}
