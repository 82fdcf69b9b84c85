package org.lading.archive;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.lading.manifest.Entry;

/**
 * The content of a file that is read whole and held in memory while it is sent, if the budget
 * allows it.
 */
final class SmallFileContent extends EntryContent {
  /** The maximum size in bytes of a file that is held even if the prefetch budget is used up. */
  private static final int MAX_UNBUDGETED = 64 * 1024;

  private PrefetchBudget.@Nullable Reading<byte[]> reading;
  private @Nullable FileBatch batch;
  private int positionInBatch;
  private byte @Nullable [] bytes;

  SmallFileContent(Entry entry, long index, ArchiveParts parts, Runnable beforeReading) {
    super(entry, index, parts, beforeReading);
  }

  @Override
  void computeCrc32() throws IOException {
    if (canHold()) {
      bytes = readWhole();
    } else {
      pieceReader().complete();
    }
  }

  @Override
  public InputStream open(long from, long to) throws IOException {
    if (!canHold()) {
      return pieceReader().open(from, to);
    }
    byte[] whole = bytes == null ? readWhole() : bytes;
    return new ByteArrayInputStream(whole, (int) from, (int) (to - from));
  }

  @Override
  void startPrefetch() {
    reading = parts.budget().begin((int) entry.size(), this::fetch);
  }

  /** Sets the batch of files that are read together, from which the content is taken. */
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

  /** Returns whether the content can be held in memory; if not, it may have to be read twice. */
  private boolean canHold() {
    if (reading == null && batch == null && entry.size() > MAX_UNBUDGETED) {
      reading = parts.budget().reserve((int) entry.size(), this::fetch);
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
    return parts.reader().read(entry, 0, (int) entry.size());
  }

  private PieceReader pieceReader() {
    announceReading();
    return new PieceReader(this, (from, to) -> parts.reader().open(entry, from, to));
  }
}
