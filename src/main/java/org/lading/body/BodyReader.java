package org.lading.body;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.lading.base.PrintableText;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.http.ErrorReply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the body of one request whenever some of it has come, without a thread that waits for it.
 * After the last byte the request is dispatched anew. A body that is too large or too slow is
 * answered at once; what still comes of it is then discarded for a while, because a client whose
 * connection is closed while it sends may not see the answer.
 */
final class BodyReader implements ReadListener, AsyncListener {
  /** The time that every body has. */
  private static final Duration MIN_TIME = Duration.ofSeconds(15);

  /** A body has a second more for so many bytes that have come. */
  private static final long MIN_BYTES_PER_SECOND = 16 * 1024;

  private static final Duration MAX_DISCARDING_TIME = Duration.ofSeconds(5);
  private static final long MAX_DISCARDED_BYTES = 16 << 20;
  private static final int BUFFER_BYTES = 8192;
  private static final Logger log = LoggerFactory.getLogger(BodyReader.class);

  private enum State {
    READING,
    DISCARDING,
    ENDED
  }

  /**
   * What a reader does at the end of its work.
   *
   * @param body takes the bytes, or null if nobody uses them
   * @param maxBytes the maximum number of bytes
   * @param refused takes the reason if the body is refused
   * @param ended takes the reader when it has ended
   */
  record Use(
      @Nullable SpooledBody body,
      long maxBytes,
      Consumer<ErrorCode> refused,
      Consumer<BodyReader> ended) {}

  private final HttpServletRequest request;
  private final HttpServletResponse response;
  private final AsyncContext async;
  private final Use use;
  private final Clock clock;
  private final Instant begun;
  private final ServletInputStream in;
  private volatile State state = State.READING;
  private volatile long received;
  private volatile Instant discardingUntil = Instant.MAX;

  /** Makes the request asynchronous; nothing is read before one of the two methods below. */
  BodyReader(HttpServletRequest request, HttpServletResponse response, Use use, Clock clock)
      throws IOException {
    this.request = request;
    this.response = response;
    this.use = use;
    this.clock = clock;
    this.begun = clock.instant();
    this.in = request.getInputStream();
    this.async = request.startAsync();
    async.setTimeout(0);
    async.addListener(this);
  }

  /** Begins to read. */
  void start() {
    in.setReadListener(this);
  }

  /** Answers with a failure, and then begins to discard the body. */
  synchronized void startDiscarding(LadingException why) {
    refuse(why);
    if (state == State.DISCARDING) {
      in.setReadListener(this);
    }
  }

  @Override
  public synchronized void onDataAvailable() {
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      while (state != State.ENDED && in.isReady() && !in.isFinished()) {
        int count = in.read(buffer);
        if (count < 0) {
          return;
        }
        received += count;
        take(buffer, count);
      }
    } catch (IOException | RuntimeException e) {
      breakOff(e);
    }
  }

  private void take(byte[] buffer, int count) {
    if (state == State.DISCARDING) {
      if (received > MAX_DISCARDED_BYTES + use.maxBytes()) {
        end();
      }
    } else if (received > use.maxBytes()) {
      refuse(BodyFilter.tooLarge(use.maxBytes()));
    } else if (use.body() != null) {
      append(use.body(), buffer, count);
    }
  }

  private void append(SpooledBody body, byte[] buffer, int count) {
    try {
      body.append(buffer, count);
    } catch (LadingException e) {
      refuse(e);
    }
  }

  @Override
  public synchronized void onAllDataRead() {
    if (state == State.READING) {
      state = State.ENDED;
      use.ended().accept(this);
      async.dispatch();
    } else {
      end();
    }
  }

  @Override
  public synchronized void onError(Throwable failure) {
    breakOff(failure);
  }

  private void breakOff(@Nullable Throwable failure) {
    if (state == State.READING) {
      answer(
          new LadingException(ErrorCode.UNPARSEABLE, "The request body ended too early", failure));
    }
    end();
  }

  /** Returns whether the time of the work is up. */
  boolean isDue() {
    return clock.instant().isAfter(state == State.DISCARDING ? discardingUntil : readingUntil());
  }

  private Instant readingUntil() {
    return begun.plus(MIN_TIME).plusSeconds(received / MIN_BYTES_PER_SECOND);
  }

  /** Ends the work because its time is up. */
  synchronized void expire() {
    if (state == State.READING) {
      long seconds = Duration.between(begun, clock.instant()).toSeconds();
      answer(
          new LadingException(
              ErrorCode.TOO_SLOW,
              "The request body came too slowly: %d bytes in %d seconds"
                  .formatted(received, seconds)));
    }
    end();
  }

  /** Ends the work because the application stops. */
  synchronized void stop() {
    if (state == State.READING) {
      answer(new LadingException(ErrorCode.STORAGE_UNAVAILABLE, "The server is stopping"));
    }
    end();
  }

  private void refuse(LadingException why) {
    answer(why);
    state = state == State.ENDED ? state : State.DISCARDING;
    discardingUntil = clock.instant().plus(MAX_DISCARDING_TIME);
  }

  /** Answers, and says that the connection will be closed, since the body was not read. */
  private void answer(LadingException why) {
    use.refused().accept(why.code());
    close(use.body());
    try {
      ErrorReply.send(request, response, why, subject(request), Map.of("Connection", "close"));
      response.flushBuffer();
    } catch (IOException e) {
      log.debug("The client left before it was answered", e);
      end();
    }
  }

  private void end() {
    if (state != State.ENDED) {
      state = State.ENDED;
      use.ended().accept(this);
      close(use.body());
      async.complete();
    }
  }

  /** Returns the beginning of log lines of a request. */
  static String subject(HttpServletRequest request) {
    return "Call of " + PrintableText.ofPath(request.getRequestURI());
  }

  /** Closes a body, if there is one. */
  static void close(@Nullable SpooledBody body) {
    if (body != null) {
      try {
        body.close();
      } catch (IOException e) {
        log.warn("The file of a request body was not closed", e);
      }
    }
  }

  @Override
  public synchronized void onComplete(AsyncEvent event) {
    if (state != State.ENDED) {
      // The container ended the request by itself.
      state = State.ENDED;
      use.ended().accept(this);
      close(use.body());
    }
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    // There is no timeout of the container.
  }

  @Override
  public synchronized void onError(AsyncEvent event) {
    breakOff(event.getThrowable());
  }

  @Override
  public void onStartAsync(AsyncEvent event) {
    // The request was dispatched, and this reader has ended.
  }
}
