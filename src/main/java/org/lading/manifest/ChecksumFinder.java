package org.lading.manifest;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
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
 * Gives the entries of one request the CRC-32s that are known, or found at little cost, and hands
 * them on in their order. What it does not find is left to whoever reads the bytes.
 */
final class ChecksumFinder {
  private static final Logger log = LoggerFactory.getLogger(ChecksumFinder.class);

  /** So many entries are held back, to be looked up together. */
  private static final int BATCH = 1000;

  /** Whoever watches a slow store's entries come in sees them move. */
  private static final long LONGEST_HELD_NANOS = 500_000_000;

  /** To open a file costs about as much time as to read so many bytes. */
  private static final long COST_OF_OPENING = 64 * 1024;

  /**
   * The most that a store is asked for the checksums that it keeps, many at a time: some seconds.
   */
  private static final int MOST_ASKED = 2000;

  private static final int BUFFER = 128 * 1024;

  private final ChecksumLedger ledger;
  private final ExecutorService threads;
  private final Consumer<Entry> sink;
  private final List<Waiting> batch = new ArrayList<>();
  private final byte[] buffer = new byte[BUFFER];
  private long budget;
  private long held;
  private int asked;

  /** An entry, and where its bytes are if its CRC-32 can be looked for. */
  private static final class Waiting {
    final Entry entry;
    final @Nullable Root root;
    final @Nullable Item item;
    long crc32;

    Waiting(Entry entry, @Nullable Root root, @Nullable Item item) {
      this.entry = entry;
      this.root = root;
      this.item = item;
      this.crc32 = entry.size() == 0 ? 0 : entry.crc32();
    }
  }

  /**
   * Finds for one request.
   *
   * @param threads where stores are asked, several at once
   * @param budget the bytes of files that are read for their checksum
   */
  ChecksumFinder(
      ChecksumLedger ledger, ExecutorService threads, long budget, Consumer<Entry> sink) {
    this.ledger = ledger;
    this.threads = threads;
    this.budget = budget;
    this.sink = sink;
  }

  /** Takes the next entry, as it is. */
  void accept(Entry entry) {
    add(new Waiting(entry, null, null));
  }

  /** Takes the next entry, which was made of this item. */
  void accept(Entry entry, Root root, Item item) {
    add(new Waiting(entry, root, item));
  }

  /** Hands on what was held back. */
  void finish() {
    List<Waiting> unknown = unknown(batch);
    lookUp(unknown);
    unknown = unknown(unknown);
    askStores(unknown);
    spendBudget(unknown);
    for (Waiting waiting : batch) {
      Entry entry = waiting.entry;
      sink.accept(entry.crc32() == waiting.crc32 ? entry : entry.withCrc32(waiting.crc32));
    }
    batch.clear();
  }

  private void add(Waiting waiting) {
    if (batch.isEmpty()) {
      held = System.nanoTime();
    }
    batch.add(waiting);
    if (batch.size() == BATCH || System.nanoTime() - held > LONGEST_HELD_NANOS) {
      finish();
    }
  }

  private static List<Waiting> unknown(List<Waiting> some) {
    List<Waiting> unknown = new ArrayList<>(some.size());
    for (Waiting waiting : some) {
      if (waiting.item != null && waiting.crc32 == Entry.UNKNOWN_CRC32) {
        unknown.add(waiting);
      }
    }
    return unknown;
  }

  private void lookUp(List<Waiting> unknown) {
    if (unknown.isEmpty()) {
      return;
    }
    List<ContentId> contents = new ArrayList<>(unknown.size());
    for (Waiting waiting : unknown) {
      contents.add(content(waiting.entry));
    }
    long[] found = ledger.find(contents);
    for (int i = 0; i < found.length; i++) {
      unknown.get(i).crc32 = found[i];
    }
  }

  private void askStores(List<Waiting> unknown) {
    List<Waiting> toAsk = new ArrayList<>();
    List<Future<Long>> answers = new ArrayList<>();
    try {
      for (Waiting waiting : unknown) {
        Callable<Long> question = question(waiting);
        if (question != null && asked < MOST_ASKED) {
          asked++;
          answers.add(threads.submit(LogContext.carried(question)));
          toAsk.add(waiting);
        }
      }
    } catch (RejectedExecutionException e) {
      log.debug("The application ends: no more checksums are asked for", e);
    }
    for (int i = 0; i < answers.size(); i++) {
      learn(toAsk.get(i), answer(answers.get(i)));
    }
  }

  private static @Nullable Callable<Long> question(Waiting waiting) {
    Root root = waiting.root;
    Item item = waiting.item;
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
      log.debug("The application ends: a checksum is not asked for", e);
    } catch (ExecutionException e) {
      // The create itself goes on: it needs the store only for what it lists.
      log.warn(
          "{}a store did not tell a checksum: {}",
          LogContext.inFront(),
          String.valueOf(e.getCause()));
    }
    return Entry.UNKNOWN_CRC32;
  }

  private void spendBudget(List<Waiting> unknown) {
    for (Waiting waiting : unknown) {
      if (waiting.crc32 != Entry.UNKNOWN_CRC32) {
        continue;
      }
      Root root = waiting.root;
      long cost = Math.max(waiting.entry.size(), COST_OF_OPENING);
      if (root != null && !root.isRemote() && cost <= budget) {
        budget -= cost;
        learn(waiting, read(waiting, root));
      }
    }
  }

  private long read(Waiting waiting, Root root) {
    Item item = waiting.item;
    if (item == null) {
      return Entry.UNKNOWN_CRC32;
    }
    CRC32 crc = new CRC32();
    try (InputStream in = root.open(item, 0)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        crc.update(buffer, 0, read);
      }
    } catch (IOException | LadingException e) {
      // It may be readable, or settled, when the download is fetched; if not, that is noticed then.
      log.debug("No checksum of {}", waiting.entry.name(), e);
      return Entry.UNKNOWN_CRC32;
    }
    return crc.getValue();
  }

  private void learn(Waiting waiting, long crc32) {
    waiting.crc32 = crc32;
    if (crc32 != Entry.UNKNOWN_CRC32) {
      ledger.learn(content(waiting.entry), crc32);
    }
  }

  private static ContentId content(Entry entry) {
    Entry.Source source = entry.source();
    if (source == null) {
      throw new IllegalStateException("an entry without a source: " + entry.name());
    }
    return source.content(entry.size(), entry.modified());
  }
}
