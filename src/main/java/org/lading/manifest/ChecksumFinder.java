package org.lading.manifest;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.lading.base.LogContext;
import org.lading.checksum.ChecksumLedger;
import org.lading.checksum.ContentId;
import org.lading.error.LadingException;
import org.lading.root.Item;
import org.lading.root.Root;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds known and cheaply found CRC-32s to the entries of one request, and hands the entries on in
 * order. A CRC-32 that is not found is computed when the entry's bytes are read.
 */
final class ChecksumFinder {
  private static final Logger log = LoggerFactory.getLogger(ChecksumFinder.class);

  /** The maximum number of entries that are held back, to be looked up together. */
  private static final int MAX_BATCH = 1000;

  /** The maximum time that entries are held back, so that a slow store's progress is visible. */
  private static final long MAX_HELD_NANOS = 500_000_000;

  /** The number of bytes that take as long to read as a file takes to open. */
  private static final long BYTES_PER_OPENING = 64 * 1024;

  /**
   * The maximum number of checksums that are requested from stores for one download: they take some
   * seconds.
   */
  private static final int MAX_REQUESTS = 2000;

  private static final int BUFFER_BYTES = 128 * 1024;

  /** The maximum number of found CRC-32s that are remembered, some megabytes. */
  private static final int MAX_REMEMBERED = 10_000;

  private final ChecksumLedger ledger;
  private final ExecutorService threads;
  private final Consumer<Entry> sink;
  private final IntConsumer steps;
  private final List<PendingEntry> batch = new ArrayList<>();
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private final Sources sources;

  /**
   * What was found in sources for this request. A content that comes again is known whether the
   * ledger was asked meanwhile or not, so that nothing depends on how long entries were held back.
   */
  private final Map<ContentId, Long> found = new HashMap<>();

  private long budget;
  private long heldSince;
  private int requests;
  private long files;
  private long bytes;

  /** What is done for CRC-32s that the ledger does not know. */
  enum Sources {
    /** Stores are asked and files are read. */
    USED,
    /** They are only counted, and taken for {@link #ASSUMED_CRC32}. */
    COUNTED
  }

  /** The CRC-32 of an entry whose CRC-32 would be found. */
  static final long ASSUMED_CRC32 = 0;

  /** An entry that is held back, and the root and the item that it was made of, if any. */
  private static final class PendingEntry {
    final Entry entry;
    final @Nullable Root root;
    final @Nullable Item item;
    long crc32;

    PendingEntry(Entry entry, @Nullable Root root, @Nullable Item item) {
      this.entry = entry;
      this.root = root;
      this.item = item;
      this.crc32 = entry.size() == 0 ? 0 : entry.crc32();
    }
  }

  /**
   * Makes a finder for one request.
   *
   * @param threads has the threads that request checksums from stores, several at once
   * @param budget the number of bytes of files that may be read for their checksums
   * @param sources whether stores and files are used
   * @param sink takes the entries in order
   * @param steps is called with 0 before each checksum that is read or waited for, and may throw
   */
  ChecksumFinder(
      ChecksumLedger ledger,
      ExecutorService threads,
      long budget,
      Sources sources,
      Consumer<Entry> sink,
      IntConsumer steps) {
    this.ledger = ledger;
    this.threads = threads;
    this.budget = budget;
    this.sources = sources;
    this.sink = sink;
    this.steps = steps;
  }

  /** Takes the next entry, whose CRC-32 is not looked for. */
  void accept(Entry entry) {
    add(new PendingEntry(entry, null, null));
  }

  /** Takes the next entry, which was made of an item of a root. */
  void accept(Entry entry, Root root, Item item) {
    add(new PendingEntry(entry, root, item));
  }

  /** Returns what was done, or would have been done, for CRC-32s that the ledger did not know. */
  ChecksumSpending spent() {
    return new ChecksumSpending(requests, files, bytes);
  }

  /** Finds checksums of the entries that are held back, and hands these on. */
  void finish() {
    List<PendingEntry> unknown = unknown(batch);
    lookUp(unknown);
    unknown = unknown(unknown);
    requestFromStores(unknown);
    spendBudget(unknown);
    for (PendingEntry pending : batch) {
      Entry entry = pending.entry;
      sink.accept(entry.crc32() == pending.crc32 ? entry : entry.withCrc32(pending.crc32));
    }
    batch.clear();
  }

  private void add(PendingEntry pending) {
    if (batch.isEmpty()) {
      heldSince = System.nanoTime();
    }
    batch.add(pending);
    if (batch.size() == MAX_BATCH || System.nanoTime() - heldSince > MAX_HELD_NANOS) {
      finish();
    }
  }

  private static List<PendingEntry> unknown(List<PendingEntry> entries) {
    List<PendingEntry> unknown = new ArrayList<>(entries.size());
    for (PendingEntry pending : entries) {
      if (pending.item != null && pending.crc32 == Entry.UNKNOWN_CRC32) {
        unknown.add(pending);
      }
    }
    return unknown;
  }

  private void lookUp(List<PendingEntry> unknown) {
    if (unknown.isEmpty()) {
      return;
    }
    List<ContentId> contents = new ArrayList<>(unknown.size());
    for (PendingEntry pending : unknown) {
      contents.add(pending.entry.contentId());
    }
    long[] known = ledger.find(contents);
    for (int i = 0; i < known.length; i++) {
      unknown.get(i).crc32 = known[i];
    }
  }

  private void requestFromStores(List<PendingEntry> unknown) {
    List<PendingEntry> asked = new ArrayList<>();
    List<Future<Long>> answers = new ArrayList<>();
    Set<ContentId> contents = new HashSet<>();
    try {
      for (PendingEntry pending : unknown) {
        Callable<Long> request = request(pending);
        if (request == null || isFound(pending) || requests >= MAX_REQUESTS) {
          continue;
        }
        if (contents.add(pending.entry.contentId())) {
          requests++;
          asked.add(pending);
          if (sources == Sources.USED) {
            answers.add(threads.submit(LogContext.carried(request)));
          }
        }
      }
    } catch (RejectedExecutionException e) {
      log.debug("The application stops: no more checksums are requested", e);
    }
    try {
      for (int i = 0; i < asked.size(); i++) {
        steps.accept(0);
        record(asked.get(i), sources == Sources.USED ? answer(answers.get(i)) : ASSUMED_CRC32);
      }
    } finally {
      answers.forEach(answer -> answer.cancel(true));
    }
  }

  private static @Nullable Callable<Long> request(PendingEntry pending) {
    Root root = pending.root;
    Item item = pending.item;
    return root == null || item == null || item.crc32() != Item.CRC32_ON_REQUEST
        ? null
        : () -> root.crc32(item);
  }

  private static long answer(Future<Long> answer) {
    try {
      return answer.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      answer.cancel(true);
    } catch (CancellationException e) {
      log.debug("The application stops: a checksum is not requested", e);
    } catch (ExecutionException e) {
      // The request goes on: a checksum can also be computed when the bytes are read.
      log.warn(
          "{}a store did not return a checksum: {}",
          LogContext.prefix(),
          String.valueOf(e.getCause()));
    }
    return Entry.UNKNOWN_CRC32;
  }

  private void spendBudget(List<PendingEntry> unknown) {
    for (PendingEntry pending : unknown) {
      if (pending.crc32 != Entry.UNKNOWN_CRC32 || isFound(pending)) {
        continue;
      }
      Root root = pending.root;
      long cost = Math.max(pending.entry.size(), BYTES_PER_OPENING);
      if (root != null && !root.isRemote() && cost <= budget) {
        budget -= cost;
        files++;
        bytes += pending.entry.size();
        steps.accept(0);
        record(pending, sources == Sources.USED ? read(pending, root) : ASSUMED_CRC32);
      }
    }
  }

  /** Gives an entry the CRC-32 that was found for another entry of the same content. */
  private boolean isFound(PendingEntry pending) {
    Long crc32 = found.isEmpty() ? null : found.get(pending.entry.contentId());
    if (crc32 != null) {
      pending.crc32 = crc32;
    }
    return crc32 != null;
  }

  private long read(PendingEntry pending, Root root) {
    Item item = pending.item;
    if (item == null) {
      return Entry.UNKNOWN_CRC32;
    }
    CRC32 crc = new CRC32();
    try (InputStream in = root.open(item, 0)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        crc.update(buffer, 0, read);
      }
    } catch (IOException | LadingException e) {
      // The file may be readable when the download is fetched; if not, the client is told then.
      log.debug("No checksum of {}", pending.entry.name(), e);
      return Entry.UNKNOWN_CRC32;
    }
    return crc.getValue();
  }

  private void record(PendingEntry pending, long crc32) {
    pending.crc32 = crc32;
    if (crc32 == Entry.UNKNOWN_CRC32) {
      return;
    }
    ContentId content = pending.entry.contentId();
    if (found.size() < MAX_REMEMBERED) {
      found.put(content, crc32);
    }
    if (sources == Sources.USED) {
      ledger.learn(content, crc32);
    }
  }
}
