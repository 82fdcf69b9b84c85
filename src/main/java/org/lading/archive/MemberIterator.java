package org.lading.archive;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lading.manifest.Entry;
import org.lading.zip.MemberContent;
import org.lading.zip.ZipLayout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Iterates over the members of an archive, and prefetches those that follow the one that is read.
 */
class MemberIterator implements Iterator<MemberContent> {
  private static final Logger log = LoggerFactory.getLogger(MemberIterator.class);

  /** The maximum number of members that are prefetched; a store is not faster with more. */
  private static final int MAX_MEMBERS_AHEAD = 96;

  private static final int MAX_FILES_PER_BATCH = 32;
  private static final long MAX_BYTES_PER_BATCH = 1 << 20;

  /** The number of held bytes from which on no further member is prefetched. */
  private static final long MAX_BYTES_AHEAD = 16 << 20;

  private final ArchiveParts parts;
  private final Iterator<Entry> entries;
  private final long until;

  /** The following members whose prefetch was started, or that need none. */
  private final Deque<EntryContent> started = new ArrayDeque<>();

  /** The members after those in {@link #started}. */
  private final Deque<EntryContent> following = new ArrayDeque<>();

  private long bytesAhead;
  private long nextIndex;

  /** A lower bound of the next entry's offset in the archive. */
  private long nextOffset;

  private @Nullable EntryContent current;

  /**
   * Makes an iterator that begins at a point.
   *
   * @param entries the entries from that point on
   * @param until the offset in the archive at which prefetching ends
   */
  MemberIterator(ArchiveParts parts, Iterator<Entry> entries, ZipLayout.Point from, long until) {
    this.parts = parts;
    this.entries = entries;
    this.until = until;
    this.nextIndex = from.members();
    this.nextOffset = from.offset();
  }

  @Override
  public final boolean hasNext() {
    return !started.isEmpty() || !following.isEmpty() || entries.hasNext();
  }

  @Override
  public EntryContent next() {
    release(current);
    EntryContent next = started.poll();
    if (next == null) {
      next = following.isEmpty() ? nextContent() : following.remove();
    }
    bytesAhead -= next.prefetchedBytes();
    current = next;
    return next;
  }

  /** Releases everything that was prefetched. */
  final void close() {
    release(current);
    started.forEach(this::release);
  }

  /**
   * Returns the members after {@link #started}: at least {@code count} of them, or all before
   * {@code until}.
   */
  final Deque<EntryContent> following(int count) {
    while (following.size() < count && entries.hasNext() && nextOffset < until) {
      following.add(nextContent());
    }
    return following;
  }

  /** Returns whether a member's bytes are read when the iteration reaches it. */
  boolean isRead(EntryContent content) {
    return content.entry.size() > 0;
  }

  /** Prefetches the following members; called before the bytes of a member are read. */
  private void prefetch() {
    // Members are not started one at a time, so that small files are read together.
    if (started.size() > MAX_MEMBERS_AHEAD - MAX_FILES_PER_BATCH) {
      return;
    }
    while (started.size() < MAX_MEMBERS_AHEAD
        && bytesAhead < MAX_BYTES_AHEAD
        && !following(1).isEmpty()) {
      start(following.element());
    }
  }

  private void start(EntryContent first) {
    if (first instanceof SmallFileContent small && parts.reader().isLocal(small.entry)) {
      List<SmallFileContent> batch = startRun(small);
      if (!batch.isEmpty()) {
        FileBatch.begin(batch, parts);
      }
      batch.forEach(content -> bytesAhead += content.prefetchedBytes());
      return;
    }
    started.add(following.remove());
    if (isRead(first) && parts.reader().isRemote(first.entry)) {
      first.startPrefetch();
      bytesAhead += first.prefetchedBytes();
    }
  }

  /** Moves a run of small files of one root to {@link #started}; returns those that are read. */
  private List<SmallFileContent> startRun(SmallFileContent first) {
    List<SmallFileContent> run = new ArrayList<>();
    long size = 0;
    while (run.size() < MAX_FILES_PER_BATCH
        && size < MAX_BYTES_PER_BATCH
        && !following(1).isEmpty()) {
      EntryContent next = following.element();
      if (!(next instanceof SmallFileContent small)
          || !parts.reader().haveSameRoot(first.entry, next.entry)) {
        break;
      }
      started.add(following.remove());
      if (isRead(small)) {
        run.add(small);
        size += small.entry.size();
      }
    }
    return run;
  }

  private EntryContent nextContent() {
    Entry entry = entries.next();
    nextOffset += entry.size();
    return entry.size() <= EntryContent.MAX_SMALL_FILE
        ? new SmallFileContent(entry, nextIndex++, parts, this::prefetch)
        : new LargeFileContent(entry, nextIndex++, parts, this::prefetch);
  }

  private void release(@Nullable EntryContent content) {
    try {
      if (content != null) {
        content.release();
      }
    } catch (IOException e) {
      log.warn("{} did not close a source", parts.subject(), e);
    }
  }
}
