package org.lading.benchmark;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Random;
import java.util.Set;
import org.lading.download.Download;
import org.lading.download.DownloadStore;
import org.lading.download.Lane;
import org.lading.manifest.ArchivePoint;
import org.lading.manifest.AssemblyPrediction;
import org.lading.manifest.Entry;
import org.lading.manifest.Renamings;
import org.lading.store.Database;
import org.lading.store.JdbcDownloadStore;

/** Puts downloads of objects of a root named {@code bucket} into a database, without any store. */
final class StoredDownloads {
  private static final int BATCH = 10_000;

  private final Random random = new Random(1);
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
  private final DownloadStore store;
  private final long crc32;

  /** Makes an object for a database; all entries get that CRC-32. */
  StoredDownloads(Database database, long crc32) {
    this.store = new JdbcDownloadStore(database);
    this.crc32 = crc32;
  }

  /** Stores a ready download, and returns the seconds that the store took. */
  double fill(String id, int size) {
    Download download =
        new Download(
            id,
            "bucket",
            "top",
            Download.State.PENDING,
            0,
            0,
            now,
            null,
            null,
            now.plus(10, ChronoUnit.DAYS),
            Download.Totals.NONE,
            null,
            new Download.Preparation("anyone", null, false, Lane.QUICK, null, 0, null),
            Download.Repetition.NONE,
            null);
    store.insert(download, Collections.emptyIterator(), 1);
    Download attempt = store.begin(id, Lane.QUICK, now).orElseThrow();
    Entry[] batch = new Entry[Math.min(BATCH, size)];
    long nanos = 0;
    try (DownloadStore.EntrySink sink = store.entrySink(attempt)) {
      for (int done = 0; done < size; done += batch.length) {
        for (int i = 0; i < batch.length; i++) {
          batch[i] = entry(done + i);
        }
        long began = System.nanoTime();
        for (int i = 0; i < batch.length; i++) {
          sink.accept(batch[i], at(done + i));
        }
        nanos += System.nanoTime() - began;
      }
      nanos -= System.nanoTime();
    }
    nanos += System.nanoTime();
    store.end(attempt.ready(totals(size), now));
    return nanos / 1e9;
  }

  private static Download.Totals totals(int size) {
    return new Download.Totals(
        size,
        size,
        0,
        size,
        0,
        0,
        at(size),
        "fingerprint",
        Set.of("bucket"),
        AssemblyPrediction.NONE,
        Renamings.NONE);
  }

  private static ArchivePoint at(int entry) {
    return new ArchivePoint(entry, 1000L * entry, 100L * entry);
  }

  private Entry entry(int index) {
    byte[] etag = new byte[16];
    random.nextBytes(etag);
    String name = "data/scan-" + String.format("%07d", index) + ".tif";
    return new Entry(
        Entry.Kind.FILE,
        "top/" + name,
        random.nextInt(1 << 26),
        crc32,
        now.minusSeconds(random.nextInt(100_000_000)).truncatedTo(ChronoUnit.SECONDS),
        new Entry.Source("bucket", "prefix/" + name, HexFormat.of().formatHex(etag)),
        null);
  }
}
