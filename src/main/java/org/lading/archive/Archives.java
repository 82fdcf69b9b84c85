package org.lading.archive;

import java.io.IOException;
import java.io.InputStream;
import org.lading.base.PrintableText;
import org.lading.checksum.ChecksumLedger;
import org.lading.download.Download;
import org.lading.download.DownloadStore;
import org.lading.manifest.Entry;
import org.lading.manifest.StoredContents;
import org.lading.root.Roots;
import org.lading.zip.ArchiveStream;

/**
 * Opens streams of downloads' archives; the bytes are made of the stored entries while a stream is
 * read.
 */
public final class Archives {
  private final DownloadStore store;
  private final EntryReader reader;
  private final PrefetchBudget budget;
  private final MemberChecksumsCache checksums;

  /**
   * Makes an opener for the downloads of a store.
   *
   * @param budget bounds the bytes that are prefetched for all archives together
   * @param ledger gives CRC-32s that are known, and takes those that are computed
   */
  public Archives(
      DownloadStore store,
      Roots roots,
      StoredContents contents,
      PrefetchBudget budget,
      ChecksumLedger ledger) {
    this.store = store;
    this.reader = new EntryReader(roots, contents);
    this.budget = budget;
    this.checksums = new MemberChecksumsCache(ledger);
  }

  /**
   * Opens the bytes {@code from} (inclusive) to {@code to} (exclusive) of a download's archive,
   * counted from 0. A nearby point is looked up in the store at once. Sources are opened when their
   * bytes are read: a read throws what opening one throws. The caller closes the stream.
   */
  public InputStream open(Download download, long from, long to) {
    ArchiveParts parts =
        new ArchiveParts(
            "Download " + PrintableText.ofId(download.id()),
            reader,
            budget,
            checksums.of(download.id()));
    return new ArchiveStream(new EntryMemberCatalog(store, download, parts), from, to);
  }

  /**
   * Opens the bytes {@code from} (inclusive) to {@code to} (exclusive) of one entry: of a file as
   * it was listed, see {@link org.lading.root.Root#open(org.lading.root.Item, long, long)}, or of a
   * literal. The caller closes the stream.
   */
  public InputStream open(Entry entry, long from, long to) throws IOException {
    return reader.open(entry, from, to);
  }
}
