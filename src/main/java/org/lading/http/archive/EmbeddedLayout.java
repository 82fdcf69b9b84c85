package org.lading.http.archive;

import org.lading.manifest.ArchiveLayout;
import org.lading.manifest.ArchivePoint;
import org.lading.manifest.Entry;
import org.lading.zip.Layout;

/** The layout of the archive that Lading streams itself, while its entries are made. */
public final class EmbeddedLayout implements ArchiveLayout {
  private final Layout layout = new Layout();

  @Override
  public void add(Entry entry) {
    layout.add(EntryContent.member(entry));
  }

  @Override
  public long length() {
    return layout.length();
  }

  @Override
  public ArchivePoint point() {
    Layout.Point point = layout.point();
    return new ArchivePoint(point.members(), point.offset(), point.central());
  }
}
