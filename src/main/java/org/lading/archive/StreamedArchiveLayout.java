package org.lading.archive;

import org.lading.manifest.ArchiveLayout;
import org.lading.manifest.ArchivePoint;
import org.lading.manifest.Entry;
import org.lading.zip.ZipLayout;

/** Computes, entry by entry, the layout of the archive that Lading streams itself. */
public final class StreamedArchiveLayout implements ArchiveLayout {
  private final ZipLayout layout = new ZipLayout();

  @Override
  public void add(Entry entry) {
    layout.add(EntryContent.member(entry));
  }

  /** Returns the offset of the content of the entry that was added last. */
  public long lastContent() {
    return layout.lastContent();
  }

  @Override
  public long length() {
    return layout.length();
  }

  @Override
  public ArchivePoint point() {
    ZipLayout.Point point = layout.point();
    return new ArchivePoint(point.members(), point.offset(), point.central());
  }
}
