package org.lading.archive;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.lading.manifest.Entry;

/** The content of a file that is read whole, and held in memory while it is sent. */
final class SmallFileContent extends EntryContent {
  /** The maximum size in bytes of a file that is held without room in the prefetch budget. */
  private static final int MAX_UNBUDGETED = 64 * 1024;

  private PrefetchBudget.@Nullable Reading<byte[]> reading;
  private @Nullable FileBatch batch;
  private int positionInBatch;
  private byte @Nullable [] bytes;

  SmallFileContent(Entry entry, long index, ArchiveParts context, Runnable beforeReading) {
    super(entry, index, context, beforeReading);
  }

  @Override
  void computeCrc32() throws IOException {
    if (canHold()) {
      bytes = readWhole();
    } else {
      recorder().complete();
    }
  }

  @Override
  public InputStream open(long from, long to) throws IOException {
    if (!canHold()) {
      return recorder().open(from, to);
    }
    byte[] whole = bytes == null ? readWhole() : bytes;
    return new ByteArrayInputStream(whole, (int) from, (int) (to - from));
  }

  @Override
  void startPrefetch() {
    reading = context.budget().begin((int) entry.size(), this::fetch);
  }

  /** Takes the content from a batch of files that are read together. */
  void setBatch(FileBatch files, int position) {
    batch = files;
    positionInBatch = position;
  }

  @Override
  long prefetchedBytes() {
    return reading == null && batch == null ? 0 : entry.size();
  }

  @Override
  void release() {
    bytes = null;
    if (reading != null) {
      reading.release();
      reading = null;
    }
    if (batch != null) {
      batch.releaseFile();
      batch = null;
    }
  }

  /** Returns whether there is room to hold the content; if not, it may have to be read twice. */
  private boolean canHold() {
    if (reading == null && batch == null && entry.size() > MAX_UNBUDGETED) {
      reading = context.budget().reserve((int) entry.size(), this::fetch);
    }
    return reading != null || batch != null || entry.size() <= MAX_UNBUDGETED;
  }

  private byte[] readWhole() throws IOException {
    announceReading();
    byte[] whole = batch == null ? null : batch.await(positionInBatch);
    if (whole == null) {
      whole = reading == null ? fetch() : reading.await();
    }
    CRC32 crc = new CRC32();
    crc.update(whole);
    setComputedCrc32(crc.getValue());
    return whole;
  }

  private byte[] fetch() throws IOException {
    return context.reader().read(entry, 0, (int) entry.size());
  }

  private PieceReader recorder() {
    announceReading();
    return new PieceReader(this, (from, to) -> context.reader().open(entry, from, to));
  }
}
