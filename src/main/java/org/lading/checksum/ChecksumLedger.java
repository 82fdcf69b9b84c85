package org.lading.checksum;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.lading.base.LogContext;
import org.lading.checksum.ChecksumStore.Checksum;
import org.lading.error.FaultLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers CRC-32s. Added ones are written in batches after a short delay; {@link #find} includes
 * them at once. The ledger only saves work: where the store fails, the log says so, and checksums
 * are unknown.
 */
public final class ChecksumLedger implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ChecksumLedger.class);

  private static final int BATCH = 1000;

  /**
   * The maximum number of checksums that wait to be written; further ones are dropped until they
   * are computed again.
   */
  private static final int MAX_PENDING = 100 * BATCH;

  private final ChecksumStore store;
  private final ScheduledExecutorService writer;
  private final Duration delay;
  private List<Checksum> pending = new ArrayList<>();
  private boolean scheduled;
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();

  /** Held while a batch is written, so that a later look-up finds it. */
  private final Object writing = new Object();

  /**
   * Makes a ledger that keeps checksums in a store.
   *
   * @param writer has the thread that writes; it is not shut down here
   * @param delay the maximum time until an added checksum is written
   */
  public ChecksumLedger(ChecksumStore store, ScheduledExecutorService writer, Duration delay) {
    this.store = store;
    this.writer = writer;
    this.delay = delay;
  }

  /** See {@link ChecksumStore#find}; everything is unknown if the store does not answer. */
  public long[] find(List<ContentId> contents) {
    write();
    try {
      long[] found = store.find(contents);
      long known = Arrays.stream(found).filter(crc32 -> crc32 != ChecksumStore.UNKNOWN).count();
      hits.add(known);
      misses.add(found.length - known);
      return found;
    } catch (RuntimeException e) {
      FaultLog.warn(log, LogContext.prefix() + "no checksums could be looked up", e);
      long[] unknown = new long[contents.size()];
      Arrays.fill(unknown, ChecksumStore.UNKNOWN);
      return unknown;
    }
  }

  /** Returns the number of looked-up checksums of whole contents that were known so far. */
  public long hits() {
    return hits.sum();
  }

  /** Returns the number of looked-up checksums of whole contents that were not known so far. */
  public long misses() {
    return misses.sum();
  }

  /**
   * Adds to {@code pieces} the checksums of the content's pieces that it lacks and the store has.
   */
  public void findPieces(ContentId content, PieceChecksums pieces) {
    write();
    try {
      store.findPieces(content, pieces);
    } catch (RuntimeException e) {
      FaultLog.warn(log, LogContext.prefix() + "no checksums of pieces could be looked up", e);
    }
  }

  /** Adds the CRC-32 of a content. */
  public void learn(ContentId content, long crc32) {
    add(new Checksum(content, Checksum.WHOLE, crc32));
  }

  /** Adds the CRC-32 of a piece of a content. */
  public void learnPiece(ContentId content, int piece, long crc32) {
    add(new Checksum(content, piece, crc32));
  }

  /** Writes the checksums that wait to be written. */
  @Override
  public void close() {
    write();
  }

  private synchronized void add(Checksum checksum) {
    if (pending.size() >= MAX_PENDING) {
      return;
    }
    pending.add(checksum);
    if (pending.size() % BATCH == 0) {
      schedule(Duration.ZERO);
    } else if (!scheduled) {
      scheduled = true;
      schedule(delay);
    }
  }

  private void schedule(Duration after) {
    try {
      Future<?> unused = writer.schedule(this::write, after.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      log.debug("The application ends; closing the ledger writes the rest", e);
    }
  }

  private void write() {
    synchronized (writing) {
      List<Checksum> batch = take();
      for (int from = 0; from < batch.size(); from += BATCH) {
        if (!put(batch.subList(from, Math.min(from + BATCH, batch.size())))) {
          // A look-up must not wait for every batch: the rest is dropped until it is computed
          // again.
          return;
        }
      }
    }
  }

  private synchronized List<Checksum> take() {
    List<Checksum> batch = pending;
    pending = new ArrayList<>();
    scheduled = false;
    return batch;
  }

  private boolean put(List<Checksum> batch) {
    try {
      store.put(batch);
      return true;
    } catch (RuntimeException e) {
      FaultLog.warn(log, batch.size() + " checksums could not be kept", e);
      return false;
    }
  }
}
