package org.lading.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.lading.base.AcceptHeader;
import org.lading.download.Download;
import org.lading.download.TransferRequest;
import org.lading.error.LadingException;
import org.lading.limit.ArchiveSlots;
import org.lading.limit.Caller;
import org.lading.limit.SendingLimits;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins archives when the limits let them. Where as many are being sent as may be, programs wait
 * on their connection, since few of them come again after a 503; people are shown their place on a
 * page that asks again, rather than a browser that shows nothing. No thread waits.
 */
final class ArchiveAdmission {
  private static final Logger log = LoggerFactory.getLogger(ArchiveAdmission.class);

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
        limits.slots().enter(key, caller.block(), isPerson ? Duration.ZERO : MAX_WAIT);
    if (entered.isDone()) {
      LeasedInputStream source = open(caller, transfer, joined(entered), opener);
      begin.begin(startAsync(request), source);
      return;
    }
    AsyncContext async = startAsync(request);
    Granted granted = slot -> begin.begin(async, open(caller, transfer, slot, opener));
    var unused =
        entered.whenComplete(
            (slot, failure) -> {
              if (failure != null && limits.slots().isClosed()) {
                refuse(async, failure);
              } else {
                executor.execute(() -> goOn(async, slot, failure, granted));
              }
            });
  }

  /** Begins to send an archive that has its slot. */
  @FunctionalInterface
  private interface Granted {
    void begin(ArchiveSlots.Slot slot) throws IOException;
  }

  private static void goOn(
      AsyncContext async,
      ArchiveSlots.@Nullable Slot slot,
      @Nullable Throwable failure,
      Granted granted) {
    try {
      if (slot == null) {
        AsyncArchiveSender.dispatch(async, failure == null ? new IOException("unknown") : failure);
      } else {
        granted.begin(slot);
      }
    } catch (IOException | RuntimeException e) {
      AsyncArchiveSender.dispatch(async, e);
    }
  }

  /** Replies at once: a container whose application stops calls no filter again. */
  private static void refuse(AsyncContext async, Throwable failure) {
    try {
      ErrorReply.send(
          (HttpServletRequest) async.getRequest(),
          (HttpServletResponse) async.getResponse(),
          failure,
          "An archive in line");
      async.complete();
    } catch (IOException | IllegalStateException e) {
      log.debug("The client of an archive in line is gone", e);
    }
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
