package org.lading.archive;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lading.download.Download;
import org.lading.download.DownloadService;
import org.lading.manifest.ArchivePoint;
import org.lading.manifest.Entry;
import org.lading.zip.MemberCatalog;
import org.lading.zip.MemberContent;
import org.lading.zip.ZipLayout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The stored entries of a download, as the members of an archive. */
final class StoredMemberCatalog implements MemberCatalog {
  private static final Logger log = LoggerFactory.getLogger(StoredMemberCatalog.class);

  /** So many members are read at once; a store does not answer faster for more. */
  private static final int MEMBERS_AHEAD = 96;

  /** So many small files are read together, on a thread of their own. */
  private static final int TOGETHER = 32;

  private static final long BYTES_TOGETHER = 1 << 20;

  /** More is not held for the members that are still to come. */
  private static final long BYTES_AHEAD = 16 << 20;

  /** So many checksums are looked up together. */
  private static final int LOOKED_UP = 1000;

  private final DownloadService downloads;
  private final Download download;
  private final EntryReader bytes;
  private final PrefetchBudget readAhead;
  private final MemberChecksums learned;
  private @Nullable MemberIterator open;

  StoredMemberCatalog(
      DownloadService downloads,
      Download download,
      EntryReader bytes,
      PrefetchBudget readAhead,
      MemberChecksums learned) {
    this.downloads = downloads;
    this.download = download;
    this.bytes = bytes;
    this.readAhead = readAhead;
    this.learned = learned;
  }

  @Override
  public ZipLayout.Point end() {
    return point(download.totals().end());
  }

  @Override
  public ZipLayout.Point before(long offset) {
    return point(downloads.pointBefore(download, offset));
  }

  @Override
  public ZipLayout.Point beforeCentral(long central) {
    return point(downloads.pointBeforeCentral(download, central));
  }

  @Override
  public Iterator<MemberContent> members(ZipLayout.Point from, long until) {
    return open(new MemberIterator(from, until));
  }

  @Override
  public Iterator<MemberContent> headers(ZipLayout.Point from) {
    return open(new CentralDirectoryIterator(from));
  }

  @Override
  public void close() {
    if (open != null) {
      open.end();
      open = null;
    }
  }

  private MemberIterator open(MemberIterator members) {
    close();
    open = members;
    return members;
  }

  private static ZipLayout.Point point(ArchivePoint stored) {
    return new ZipLayout.Point(stored.entries(), stored.offset(), stored.central());
  }

  /** Walks the members; where one is read, those behind it are read ahead. */
  private class MemberIterator implements Iterator<MemberContent> {
    private final Iterator<Entry> entries;
    private final long until;
    private final Deque<EntryContent> begun = new ArrayDeque<>();
    private final Deque<EntryContent> pulled = new ArrayDeque<>();
    private long held;

    /** The next entry, and where it begins at the earliest. */
    private long index;

    private long offset;
    private @Nullable EntryContent last;

    MemberIterator(ZipLayout.Point from, long until) {
      this.entries = downloads.entries(download, from.members());
      this.until = until;
      this.index = from.members();
      this.offset = from.offset();
    }

    @Override
    public boolean hasNext() {
      return !begun.isEmpty() || !pulled.isEmpty() || entries.hasNext();
    }

    @Override
    public EntryContent next() {
      end(last);
      EntryContent next = begun.poll();
      if (next == null) {
        next = pulled.isEmpty() ? pull() : pulled.remove();
      }
      held -= next.held();
      last = next;
      return next;
    }

    /** Pulls as many members as shall be looked at before their turn, if there are. */
    final Deque<EntryContent> pulled(int wanted) {
      while (pulled.size() < wanted && entries.hasNext() && offset < until) {
        pulled.add(pull());
      }
      return pulled;
    }

    /** Whether a member is read when its turn comes. */
    boolean isRead(EntryContent content) {
      return content.entry.size() > 0;
    }

    final void end() {
      end(last);
      begun.forEach(this::end);
    }

    /** Called when a member's bytes are needed. */
    private void onReading() {
      // Many at a time, so that small files are read together.
      if (begun.size() > MEMBERS_AHEAD - TOGETHER) {
        return;
      }
      while (begun.size() < MEMBERS_AHEAD && held < BYTES_AHEAD && !pulled(1).isEmpty()) {
        begin(pulled.element());
      }
    }

    private void begin(EntryContent first) {
      if (first instanceof SmallFileContent small && bytes.isLocal(small.entry)) {
        List<SmallFileContent> together = together(small);
        if (!together.isEmpty()) {
          FileBatch.begin(together, bytes, readAhead);
        }
        together.forEach(content -> held += content.held());
        return;
      }
      begun.add(pulled.remove());
      if (isRead(first) && bytes.isRemote(first.entry)) {
        first.begin();
        held += first.held();
      }
    }

    /** Moves a run of small files of one root to those that have begun. */
    private List<SmallFileContent> together(SmallFileContent first) {
      List<SmallFileContent> run = new ArrayList<>();
      long size = 0;
      while (run.size() < TOGETHER && size < BYTES_TOGETHER && !pulled(1).isEmpty()) {
        EntryContent next = pulled.element();
        if (!(next instanceof SmallFileContent small)
            || !bytes.isOfOneRoot(first.entry, next.entry)) {
          break;
        }
        begun.add(pulled.remove());
        if (isRead(small)) {
          run.add(small);
          size += small.entry.size();
        }
      }
      return run;
    }

    private EntryContent pull() {
      Entry entry = entries.next();
      offset += entry.size();
      return entry.size() <= EntryContent.READ_FIRST
          ? new SmallFileContent(entry, index++, bytes, learned, readAhead, this::onReading)
          : new LargeFileContent(entry, index++, bytes, learned, readAhead, this::onReading);
    }

    private void end(@Nullable EntryContent content) {
      try {
        if (content != null) {
          content.end();
        }
      } catch (IOException e) {
        log.warn("Download {} did not close a source", download.id(), e);
      }
    }
  }

  /** Walks the members of which only the CRC-32 is wanted, which the ledger may have. */
  private final class CentralDirectoryIterator extends MemberIterator {
    /** Members of which the ledger was asked, or that need not be asked for, from here on. */
    private int lookedUp;

    CentralDirectoryIterator(ZipLayout.Point from) {
      super(from, Long.MAX_VALUE);
    }

    @Override
    public EntryContent next() {
      EntryContent next = super.next();
      if (lookedUp > 0) {
        lookedUp--;
      } else if (next.isUnknown()) {
        List<EntryContent> unknown = new ArrayList<>(List.of(next));
        Deque<EntryContent> behind = pulled(LOOKED_UP);
        behind.stream().filter(EntryContent::isUnknown).forEach(unknown::add);
        learned.lookUp(unknown);
        lookedUp = behind.size();
      }
      return next;
    }

    @Override
    boolean isRead(EntryContent content) {
      return content.isUnknown();
    }
  }
}
