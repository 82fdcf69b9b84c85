package org.lading.archive;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.lading.base.BulkInputStream;
import org.lading.manifest.Entry;

/**
 * Reads a large file of a remote root in blocks, and requests the next blocks while one is handed
 * out. Two kinds of block are streamed and not held in memory: the first one, unless it was
 * requested before, and those for which the budget has no free bytes.
 */
final class PrefetchingInputStream extends BulkInputStream {
  /** The number of bytes of a block: so large that the latency of a store hardly matters. */
  static final int BLOCK_BYTES = 4 << 20;

  private static final int MAX_BLOCKS_AHEAD = 3;

  private final EntryReader reader;
  private final Entry entry;
  private final PrefetchBudget budget;
  private final Deque<Block> requested = new ArrayDeque<>();
  private long end;

  /** The position of the next block to request. */
  private long nextRequest;

  private long position;
  private @Nullable Block current;
  private @Nullable InputStream streamed;
  private long streamedEnd;

  /** A part of the file that was requested. */
  private record Block(long from, int length, PrefetchBudget.Reading<byte[]> reading) {}

  /** Reads the bytes of a file from a position (inclusive) to another (exclusive). */
  PrefetchingInputStream(
      EntryReader reader, Entry entry, long from, long to, PrefetchBudget budget) {
    this.reader = reader;
    this.entry = entry;
    this.budget = budget;
    this.position = from;
    this.nextRequest = from;
    this.end = to;
  }

  /**
   * Requests the next block; returns false if there is none, if the budget has no free bytes, or if
   * the root reads no parts.
   */
  boolean requestBlock() {
    long from = nextRequest;
    int length = (int) Math.min(BLOCK_BYTES, end - from);
    if (length <= 0 || !reader.readsParts(entry)) {
      return false;
    }
    PrefetchBudget.Reading<byte[]> reading =
        budget.begin(length, () -> reader.read(entry, from, length));
    if (reading == null) {
      return false;
    }
    requested.add(new Block(from, length, reading));
    nextRequest = from + length;
    return true;
  }

  /** Ends the stream at an earlier position of the file. */
  void endAt(long newEnd) {
    end = Math.min(end, newEnd);
  }

  @Override
  public int read(byte[] buffer, int start, int length) throws IOException {
    if (position >= end) {
      return -1;
    }
    if (streamed == null && current == null && requested.isEmpty()) {
      openStreamed();
    }
    while (requested.size() < MAX_BLOCKS_AHEAD && requestBlock()) {
      // Each call requests one block.
    }
    int wanted = (int) Math.min(length, end - position);
    InputStream in = streamed;
    int read =
        in == null ? readBlock(buffer, start, wanted) : readStreamed(in, buffer, start, wanted);
    position += Math.max(read, 0);
    return read;
  }

  /** Releases the requested blocks. */
  @Override
  public void close() throws IOException {
    releaseCurrent();
    requested.forEach(block -> block.reading().release());
    requested.clear();
    closeStreamed();
  }

  private int readBlock(byte[] buffer, int start, int length) throws IOException {
    Block block = current == null ? requested.remove() : current;
    current = block;
    byte[] bytes = block.reading().await();
    int offset = (int) (position - block.from());
    int read = Math.min(length, block.length() - offset);
    System.arraycopy(bytes, offset, buffer, start, read);
    if (offset + read == block.length()) {
      releaseCurrent();
    }
    return read;
  }

  private void openStreamed() throws IOException {
    streamedEnd = reader.readsParts(entry) ? Math.min(position + BLOCK_BYTES, end) : end;
    nextRequest = streamedEnd;
    streamed = reader.open(entry, position, streamedEnd);
  }

  private int readStreamed(InputStream in, byte[] buffer, int start, int length)
      throws IOException {
    int read = in.read(buffer, start, (int) Math.min(length, streamedEnd - position));
    if (position + read == streamedEnd) {
      closeStreamed();
    }
    return read;
  }

  private void releaseCurrent() {
    if (current != null) {
      current.reading().release();
      current = null;
    }
  }

  private void closeStreamed() throws IOException {
    InputStream in = streamed;
    streamed = null;
    if (in != null) {
      in.close();
    }
  }
}
