package org.lading.archive;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.lading.manifest.Entry;

/**
 * Reads a large file of a remote root in blocks, of which the next ones are on their way while one
 * is handed out. The first one, if it was not begun before its turn, and blocks for which there is
 * no room, pass through as they come.
 */
final class PrefetchingInputStream extends InputStream {
  /** Bytes of a block: long enough to make little of the time that a store takes to answer. */
  static final int BLOCK = 4 << 20;

  private static final int AT_ONCE = 3;

  private final EntryReader source;
  private final Entry entry;
  private final PrefetchBudget readAhead;
  private final Deque<Block> ahead = new ArrayDeque<>();
  private long to;

  /** Where the next block to be asked for begins. */
  private long next;

  private long position;
  private @Nullable Block current;
  private @Nullable InputStream passing;
  private long passingEnd;

  /** Bytes of the file from a position on. */
  private record Block(long from, int length, PrefetchBudget.Reading<byte[]> reading) {}

  /** Bytes of a file between two positions. */
  PrefetchingInputStream(
      EntryReader source, Entry entry, long from, long to, PrefetchBudget readAhead) {
    this.source = source;
    this.entry = entry;
    this.readAhead = readAhead;
    this.position = from;
    this.next = from;
    this.to = to;
  }

  /** Asks for the first block; says whether there was room for it. */
  boolean begin() {
    return askForOne();
  }

  /** Nothing is read from this position on. */
  void endAt(long end) {
    to = Math.min(to, end);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int start, int length) throws IOException {
    if (position >= to) {
      return -1;
    }
    if (passing == null && current == null && ahead.isEmpty()) {
      passBlock();
    }
    while (ahead.size() < AT_ONCE && askForOne()) {
      // One after another, as long as there is room.
    }
    int wanted = (int) Math.min(length, to - position);
    InputStream in = passing;
    int read = in == null ? take(buffer, start, wanted) : pass(in, buffer, start, wanted);
    position += Math.max(read, 0);
    return read;
  }

  /** Gives up what was asked for. */
  @Override
  public void close() throws IOException {
    endCurrent();
    ahead.forEach(block -> block.reading().end());
    ahead.clear();
    endPassing();
  }

  private int take(byte[] buffer, int start, int length) throws IOException {
    Block block = current == null ? ahead.remove() : current;
    current = block;
    byte[] bytes = block.reading().await();
    int at = (int) (position - block.from());
    int read = Math.min(length, block.length() - at);
    System.arraycopy(bytes, at, buffer, start, read);
    if (at + read == block.length()) {
      endCurrent();
    }
    return read;
  }

  private void passBlock() throws IOException {
    passingEnd = Math.min(position + BLOCK, to);
    next = passingEnd;
    passing = source.open(entry, position, passingEnd);
  }

  private int pass(InputStream in, byte[] buffer, int start, int length) throws IOException {
    int read = in.read(buffer, start, (int) Math.min(length, passingEnd - position));
    if (position + read == passingEnd) {
      endPassing();
    }
    return read;
  }

  private boolean askForOne() {
    long from = next;
    int length = (int) Math.min(BLOCK, to - from);
    if (length <= 0) {
      return false;
    }
    PrefetchBudget.Reading<byte[]> reading =
        readAhead.begin(length, () -> source.read(entry, from, length));
    if (reading == null) {
      return false;
    }
    ahead.add(new Block(from, length, reading));
    next = from + length;
    return true;
  }

  private void endCurrent() {
    if (current != null) {
      current.reading().end();
      current = null;
    }
  }

  private void endPassing() throws IOException {
    InputStream open = passing;
    passing = null;
    if (open != null) {
      open.close();
    }
  }
}
