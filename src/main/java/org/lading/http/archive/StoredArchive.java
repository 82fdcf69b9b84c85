package org.lading.http.archive;

import java.util.Iterator;
import org.lading.download.Download;
import org.lading.download.DownloadService;
import org.lading.manifest.ArchivePoint;
import org.lading.manifest.Entry;
import org.lading.zip.Catalog;
import org.lading.zip.Content;
import org.lading.zip.Layout;

/** The stored entries of a download, as the members of an archive. */
final class StoredArchive implements Catalog {
  private final DownloadService downloads;
  private final Download download;
  private final EntryBytes bytes;
  private final Checksums checksums = new Checksums();

  StoredArchive(DownloadService downloads, Download download, EntryBytes bytes) {
    this.downloads = downloads;
    this.download = download;
    this.bytes = bytes;
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
  public Iterator<Content> members(long first) {
    Iterator<Entry> entries = downloads.entries(download, first);
    return new Iterator<>() {
      private long index = first;

      @Override
      public boolean hasNext() {
        return entries.hasNext();
      }

      @Override
      public Content next() {
        return new EntryContent(entries.next(), index++, bytes, checksums);
      }
    };
  }

  @Override
  public void close() {
    // Entries are read chunk by chunk, and nothing is held in between.
  }

  private static Layout.Point point(ArchivePoint stored) {
    return new Layout.Point(stored.entries(), stored.offset(), stored.central());
  }
}
