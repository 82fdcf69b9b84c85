package org.lading.download;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lading.manifest.Entry;

/**
 * Reads single entries of downloads that are asked for in their order, one request for each.
 *
 * <p>An entry can only be decoded after those before it in its chunk of 2,000: asked for one by
 * one, the entries of a chunk would take 2,000,000 decodings and 2,000 reads of the database. So
 * the iterator that has found an entry is kept for the next one. It holds a chunk, of 128 KiB at
 * most.
 */
public final class EntryCursors {
  /** The maximum number of iterators that are kept; the one that was not used for longest goes. */
  private static final int MAX_CURSORS = 64;

  /** The maximum number of entries that are passed over rather than looked for anew. */
  private static final int MAX_SKIPPED = 2000;

  private final DownloadStore store;
  private final Leases leases;

  /** The cursors that no thread uses, in the order of their last use. */
  private final List<Cursor> idle = new ArrayList<>();

  /** Makes an object that reads from a store, and protects what is read from removal. */
  public EntryCursors(DownloadStore store, Leases leases) {
    this.store = store;
    this.leases = leases;
  }

  /** A place in the entries of a download; for one thread at a time. */
  private static final class Cursor {
    private final String id;
    private final int attempt;
    private final Iterator<Entry> entries;
    private long next;
    private @Nullable Entry last;
    private Instant heldUntil;

    Cursor(Download download, Iterator<Entry> entries, long first) {
      this.id = download.id();
      this.attempt = download.attempt();
      this.entries = entries;
      this.next = first;
      this.heldUntil = download.expires();
    }

    boolean isOf(Download download) {
      return id.equals(download.id()) && attempt == download.attempt();
    }

    /** Returns how many entries it passes over to one, or a negative number if it is past it. */
    long distance(long number) {
      return number - (next - 1);
    }

    Entry entry(long number) {
      Entry entry = last;
      while (entry == null || next <= number) {
        entry = entries.next();
        next++;
      }
      last = entry;
      return entry;
    }
  }

  /**
   * Returns the entry of a number, which the download has, from 0 on, and extends the lease of the
   * manifest that named it.
   *
   * @throws org.lading.error.LadingException {@code NOT_FOUND} or {@code EXPIRED} if the download
   *     was removed
   */
  public Entry entry(Download download, long number) {
    Cursor cursor = take(download, number);
    if (cursor == null) {
      cursor = new Cursor(download, store.entries(download, number), number);
    }
    cursor.heldUntil = leases.extendForManifest(download, cursor.heldUntil);
    Entry entry = cursor.entry(number);
    giveBack(cursor);
    return entry;
  }

  private synchronized @Nullable Cursor take(Download download, long number) {
    Cursor nearest = null;
    for (Cursor cursor : idle) {
      long distance = cursor.distance(number);
      if (cursor.isOf(download)
          && distance >= 0
          && distance <= MAX_SKIPPED
          && (nearest == null || distance < nearest.distance(number))) {
        nearest = cursor;
      }
    }
    idle.remove(nearest);
    return nearest;
  }

  private synchronized void giveBack(Cursor cursor) {
    idle.add(cursor);
    if (idle.size() > MAX_CURSORS) {
      idle.remove(0);
    }
  }
}
