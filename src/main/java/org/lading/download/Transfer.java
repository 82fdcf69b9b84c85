package org.lading.download;

import java.time.Instant;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/**
 * One reply with bytes of a download. One thread at a time sends; any thread may ask, or end it.
 * What is sent was handed to the container, which may still keep the last of it when the client
 * leaves.
 */
public final class Transfer implements AutoCloseable {
  private static final long NOT_YET = -1;

  private final Transfers all;
  private final Download download;
  private final TransferRequest request;
  private final Instant begun;
  private final long beginNanos = System.nanoTime();
  private final AtomicReference<@Nullable End> end = new AtomicReference<>();
  private final AtomicLong sent = new AtomicLong();
  private volatile long firstNanos = NOT_YET;

  /** How a transfer ended. */
  public enum Ending {
    /** All bytes were sent. */
    COMPLETE,
    /** The client left, or no longer read. */
    CLIENT,
    /** What the archive is made of has changed, is gone, or cannot be read. */
    SOURCE,
    /** A root or the database did not answer. */
    STORAGE,
    /** This node stopped. */
    SHUTDOWN,
    /** A limit was reached. */
    LIMIT
  }

  /**
   * The end of a transfer.
   *
   * @param code what failed, or null
   * @param nanos the time from the begin to the end
   */
  public record End(Ending ending, @Nullable ErrorCode code, long nanos) {}

  Transfer(Transfers all, Download download, TransferRequest request, Instant begun) {
    this.all = all;
    this.download = download;
    this.request = request;
    this.begun = begun;
  }

  /** Returns the download whose bytes are sent. */
  public Download download() {
    return download;
  }

  /** Returns what was asked for. */
  public TransferRequest request() {
    return request;
  }

  /** Returns when it began. */
  public Instant begun() {
    return begun;
  }

  /** Returns whether bytes of the archive are sent, and not of one entry for nginx. */
  public boolean isOfArchive() {
    return request.page() != TransferRequest.Page.ENTRY;
  }

  /** Returns the number of bytes of the reply's body that are sent. */
  public long sent() {
    return sent.get();
  }

  /** Returns the number of bytes of a part that are sent. */
  public long sent(TransferRequest.Part part) {
    return Math.max(0, Math.min(part.length(), sent.get() - part.offset()));
  }

  /** Returns the nanoseconds from the begin to the first bytes that were sent, or -1. */
  public long firstNanos() {
    return firstNanos;
  }

  /** Returns how it ended, or null if it is running. */
  public @Nullable End end() {
    return end.get();
  }

  /** Counts bytes that were sent. */
  public void addSent(int bytes) {
    if (sent.getAndAdd(bytes) == 0) {
      firstNanos = System.nanoTime() - beginNanos;
      all.firstSent(this);
    }
    all.sent(this, bytes);
  }

  /** Takes what failed while the download was read. */
  public void failed(Throwable failure) {
    all.failed(this, failure);
  }

  /** Ends it; what ends it first counts. */
  public void end(Ending ending) {
    end(ending, null);
  }

  /** Ends it by a failure; what ends it first counts. */
  public void endBy(Throwable failure) {
    if (failure instanceof RejectedExecutionException) {
      end(Ending.SHUTDOWN);
      return;
    }
    ErrorCode code = LadingException.codeOf(failure);
    end(code == ErrorCode.STORAGE_UNAVAILABLE ? Ending.STORAGE : Ending.SOURCE, code);
  }

  /** Ends it, if nothing else has, since this node stops. */
  @Override
  public void close() {
    end(Ending.SHUTDOWN);
  }

  private void end(Ending ending, @Nullable ErrorCode code) {
    if (end.compareAndSet(null, new End(ending, code, System.nanoTime() - beginNanos))) {
      all.ended(this);
    }
  }
}
