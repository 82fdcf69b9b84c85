package org.lading.archive;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lading.manifest.Entry;

/** The content of a file that is too large to be held. */
final class LargeFileContent extends EntryContent {
  private final PrefetchBudget readAhead;
  private final ChecksumRecorder reader;
  private @Nullable PrefetchingInputStream begun;

  LargeFileContent(
      Entry entry,
      long index,
      EntryReader source,
      MemberChecksums learned,
      PrefetchBudget readAhead,
      Runnable onReading) {
    super(entry, index, source, learned, onReading);
    this.readAhead = readAhead;
    this.reader = new ChecksumRecorder(this, this::openSource, learned);
  }

  @Override
  void computeCrc32() throws IOException {
    learned.lookUp(List.of(this));
    if (isUnknown()) {
      reading();
      reader.complete();
    }
  }

  @Override
  public InputStream open(long from, long to) throws IOException {
    reading();
    return reader.open(from, to);
  }

  @Override
  void begin() {
    PrefetchingInputStream blocks =
        new PrefetchingInputStream(source, entry, 0, entry.size(), readAhead);
    begun = blocks.begin() ? blocks : null;
  }

  @Override
  long held() {
    return begun == null ? 0 : PrefetchingInputStream.BLOCK;
  }

  @Override
  void end() throws IOException {
    if (begun != null) {
      begun.close();
      begun = null;
    }
  }

  private InputStream openSource(long from, long to) throws IOException {
    PrefetchingInputStream first = begun;
    if (first != null && from == 0) {
      begun = null;
      first.endAt(to);
      return first;
    }
    return source.isRemote(entry)
        ? new PrefetchingInputStream(source, entry, from, to, readAhead)
        : source.open(entry, from, to);
  }
}
