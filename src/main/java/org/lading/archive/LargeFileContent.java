package org.lading.archive;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lading.manifest.Entry;

/** The content of a file that is too large to be held whole in memory. */
final class LargeFileContent extends EntryContent {
  private final PieceReader pieceReader;
  private @Nullable PrefetchingInputStream prefetch;

  LargeFileContent(Entry entry, long index, ArchiveParts parts, Runnable beforeReading) {
    super(entry, index, parts, beforeReading);
    this.pieceReader = new PieceReader(this, this::openSource);
  }

  @Override
  void computeCrc32() throws IOException {
    parts.checksums().lookUp(List.of(this));
    if (needsCrc32()) {
      announceReading();
      pieceReader.complete();
    }
  }

  @Override
  public InputStream open(long from, long to) throws IOException {
    announceReading();
    return pieceReader.open(from, to);
  }

  @Override
  void startPrefetch() {
    PrefetchingInputStream blocks = prefetching(0, entry.size());
    prefetch = blocks.requestBlock() ? blocks : null;
  }

  @Override
  long prefetchedBytes() {
    return prefetch == null ? 0 : PrefetchingInputStream.BLOCK_BYTES;
  }

  @Override
  void release() throws IOException {
    if (prefetch != null) {
      prefetch.close();
      prefetch = null;
    }
  }

  private InputStream openSource(long from, long to) throws IOException {
    PrefetchingInputStream blocks = prefetch;
    if (blocks != null && from == 0) {
      prefetch = null;
      blocks.endAt(to);
      return blocks;
    }
    return parts.reader().isRemote(entry)
        ? prefetching(from, to)
        : parts.reader().open(entry, from, to);
  }

  private PrefetchingInputStream prefetching(long from, long to) {
    return new PrefetchingInputStream(parts.reader(), entry, from, to, parts.budget());
  }
}
