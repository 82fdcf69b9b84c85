package org.lading.archive;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import org.lading.download.Download;
import org.lading.download.DownloadStore;
import org.lading.manifest.ArchivePoint;
import org.lading.zip.MemberCatalog;
import org.lading.zip.MemberContent;
import org.lading.zip.ZipLayout;

/** Reads the entries of a download from the store, and presents each as a member of its archive. */
final class EntryMemberCatalog implements MemberCatalog {
  private final DownloadStore store;
  private final Download download;
  private final ArchiveParts parts;
  private @Nullable MemberIterator current;

  EntryMemberCatalog(DownloadStore store, Download download, ArchiveParts parts) {
    this.store = store;
    this.download = download;
    this.parts = parts;
  }

  @Override
  public ZipLayout.Point end() {
    return point(download.totals().end());
  }

  @Override
  public ZipLayout.Point before(long offset) {
    return point(store.pointBefore(download, offset));
  }

  @Override
  public ZipLayout.Point beforeCentral(long central) {
    return point(store.pointBeforeCentral(download, central));
  }

  @Override
  public Iterator<MemberContent> members(ZipLayout.Point from, long until) {
    return replaceCurrent(
        new MemberIterator(parts, store.entries(download, from.members()), from, until));
  }

  @Override
  public Iterator<MemberContent> headers(ZipLayout.Point from) {
    return replaceCurrent(
        new CentralDirectoryIterator(parts, store.entries(download, from.members()), from));
  }

  @Override
  public void close() {
    if (current != null) {
      current.close();
      current = null;
    }
  }

  private MemberIterator replaceCurrent(MemberIterator members) {
    close();
    current = members;
    return members;
  }

  private static ZipLayout.Point point(ArchivePoint stored) {
    return new ZipLayout.Point(stored.entries(), stored.offset(), stored.central());
  }
}
