package org.lading.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;
import org.lading.base.AcceptHeader;
import org.lading.download.Download;
import org.lading.download.TransferRequest;
import org.lading.error.LadingException;
import org.lading.limit.ArchiveSlots;
import org.lading.limit.Caller;
import org.lading.limit.SendingLimits;

/**
 * Begins archives when the limits let them. Where as many are being sent as may be, programs wait
 * on their connection, since few of them come again after a 503; people are shown their place on a
 * page that asks again, rather than a browser that shows nothing. No thread waits.
 */
final class ArchiveAdmission {
  /** The maximum time for which a program waits; nginx waits for 10 minutes. */
  private static final Duration MAX_WAIT = Duration.ofSeconds(60);

  private final SendingLimits limits;
  private final Executor executor;

  /**
   * Makes an object that knows the limits.
   *
   * @param executor begins archives that have waited
   */
  ArchiveAdmission(SendingLimits limits, Executor executor) {
    this.limits = limits;
    this.executor = executor;
  }

  /** Opens a body; takes what is called at its end, with the number of bytes not sent. */
  @FunctionalInterface
  interface Opener {
    LeasedInputStream open(LongConsumer held) throws IOException;
  }

  /** Begins to send a body. */
  @FunctionalInterface
  interface Begin {
    void begin(AsyncContext async, LeasedInputStream source) throws IOException;
  }

  /**
   * Begins an archive now, or when it has its slot; then the filter is called again if it cannot
   * begin.
   *
   * @throws LadingException {@code QUOTA_EXCEEDED}, or {@code WAITING} for a person
   */
  void begin(
      Download download,
      TransferRequest transfer,
      HttpServletRequest request,
      Opener opener,
      Begin begin)
      throws IOException {
    Caller caller = new Caller(transfer.client(), transfer.address());
    limits.quotas().requireBytes(caller);
    boolean isPerson = AcceptHeader.prefersHtml(request.getHeaders("Accept"));
    String key = download.id() + " " + transfer.address();
    CompletableFuture<ArchiveSlots.Slot> entered =
        limits.slots().enter(key, isPerson ? Duration.ZERO : MAX_WAIT);
    if (entered.isDone()) {
      LeasedInputStream source = open(caller, transfer, joined(entered), opener);
      begin.begin(startAsync(request), source);
      return;
    }
    AsyncContext async = startAsync(request);
    var unused =
        entered.whenCompleteAsync(
            (slot, failure) -> {
              try {
                if (failure != null) {
                  throw failure;
                }
                begin.begin(async, open(caller, transfer, slot, opener));
              } catch (Throwable e) {
                AsyncArchiveSender.dispatch(async, e);
              }
            },
            executor);
  }

  /** Starts an asynchronous reply without a timeout. */
  static AsyncContext startAsync(HttpServletRequest request) {
    AsyncContext async = request.startAsync();
    // The container closes the connection of a client that reads nothing.
    async.setTimeout(0);
    return async;
  }

  private static ArchiveSlots.Slot joined(CompletableFuture<ArchiveSlots.Slot> entered) {
    try {
      return entered.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof LadingException known ? known : e;
    }
  }

  /** Counts the bytes of an archive that has its slot, and opens it. */
  private LeasedInputStream open(
      Caller caller, TransferRequest transfer, ArchiveSlots.Slot slot, Opener opener)
      throws IOException {
    LongConsumer quota = unsent -> {};
    try {
      quota = limits.quotas().takeBytes(caller, transfer.length());
      LongConsumer counted = quota;
      return opener.open(
          unsent -> {
            slot.close();
            counted.accept(unsent);
          });
    } catch (IOException | RuntimeException | Error e) {
      slot.close();
      quota.accept(transfer.length());
      throw e;
    }
  }
}
