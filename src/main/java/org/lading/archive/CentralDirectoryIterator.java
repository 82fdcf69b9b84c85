package org.lading.archive;

import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.lading.manifest.Entry;
import org.lading.zip.ZipLayout;

/**
 * Iterates over the members for the central directory, which needs only their CRC-32s; looks up
 * unknown ones in the ledger.
 */
final class CentralDirectoryIterator extends MemberIterator {
  private static final int MAX_LOOKED_UP_TOGETHER = 1000;

  private final MemberChecksums checksums;

  /** The number of following members whose CRC-32 is known, or was looked up in vain. */
  private int lookedUp;

  CentralDirectoryIterator(ArchiveParts parts, Iterator<Entry> entries, ZipLayout.Point from) {
    super(parts, entries, from, Long.MAX_VALUE);
    this.checksums = parts.checksums();
  }

  @Override
  public EntryContent next() {
    EntryContent next = super.next();
    if (lookedUp > 0) {
      lookedUp--;
    } else if (next.needsCrc32()) {
      List<EntryContent> unknown = new ArrayList<>(List.of(next));
      Deque<EntryContent> following = following(MAX_LOOKED_UP_TOGETHER);
      following.stream().filter(EntryContent::needsCrc32).forEach(unknown::add);
      checksums.lookUp(unknown);
      lookedUp = following.size();
    }
    return next;
  }

  @Override
  boolean isRead(EntryContent content) {
    return content.needsCrc32();
  }
}
