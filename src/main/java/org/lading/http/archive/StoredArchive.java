package org.lading.http.archive;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import org.lading.download.Download;
import org.lading.download.DownloadService;
import org.lading.manifest.ArchivePoint;
import org.lading.manifest.Entry;
import org.lading.zip.Catalog;
import org.lading.zip.Content;
import org.lading.zip.Layout;

/** The stored entries of a download, as the members of an archive. */
final class StoredArchive implements Catalog {
  /** So many members are looked at before their turn; a store does not answer faster for more. */
  private static final int MEMBERS_AHEAD = 32;

  private final DownloadService downloads;
  private final Download download;
  private final EntryBytes bytes;
  private final ReadAhead readAhead;
  private final Checksums checksums = new Checksums();
  private @Nullable Members open;

  StoredArchive(
      DownloadService downloads, Download download, EntryBytes bytes, ReadAhead readAhead) {
    this.downloads = downloads;
    this.download = download;
    this.bytes = bytes;
    this.readAhead = readAhead;
  }

  @Override
  public Layout.Point end() {
    return point(download.totals().end());
  }

  @Override
  public Layout.Point before(long offset) {
    return point(downloads.pointBefore(download, offset));
  }

  @Override
  public Layout.Point beforeCentral(long central) {
    return point(downloads.pointBeforeCentral(download, central));
  }

  @Override
  public Iterator<Content> members(Layout.Point from, long until) {
    close();
    Members members = new Members(from, until);
    open = members;
    return members;
  }

  @Override
  public void close() {
    if (open != null) {
      open.end();
      open = null;
    }
  }

  private static Layout.Point point(ArchivePoint stored) {
    return new Layout.Point(stored.entries(), stored.offset(), stored.central());
  }

  /** Walks the members; where one is read, those behind it are read ahead. */
  private final class Members implements Iterator<Content> {
    private final Iterator<Entry> entries;
    private final Layout layout;
    private final long until;
    private final Deque<EntryContent> ahead = new ArrayDeque<>();
    private @Nullable EntryContent last;

    Members(Layout.Point from, long until) {
      this.entries = downloads.entries(download, from.members());
      this.layout = new Layout(from);
      this.until = until;
    }

    @Override
    public boolean hasNext() {
      return !ahead.isEmpty() || entries.hasNext();
    }

    @Override
    public Content next() {
      endLast();
      EntryContent next = ahead.isEmpty() ? pull() : ahead.remove();
      last = next;
      return next;
    }

    /** Called when a member's bytes are needed. */
    private void onReading() {
      while (ahead.size() < MEMBERS_AHEAD && entries.hasNext() && layout.point().offset() < until) {
        EntryContent content = pull();
        content.readAhead(readAhead);
        ahead.add(content);
      }
    }

    private EntryContent pull() {
      long index = layout.point().members();
      Entry entry = entries.next();
      layout.add(EntryContent.member(entry));
      return new EntryContent(entry, index, bytes, checksums, this::onReading);
    }

    private void endLast() {
      if (last != null) {
        last.end();
      }
    }

    private void end() {
      endLast();
      ahead.forEach(EntryContent::end);
      ahead.clear();
    }
  }
}
