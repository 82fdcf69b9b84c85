package org.lading.archive;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.lading.manifest.Entry;

/** The content of a file that is read whole, at once, and held while it goes out. */
final class SmallFileContent extends EntryContent {
  /** Not more than the buffers of any connection: these need no room among what is held. */
  private static final int TINY = 64 * 1024;

  private final PrefetchBudget readAhead;
  private PrefetchBudget.@Nullable Reading<byte[]> reading;
  private @Nullable FileBatch together;
  private int place;
  private byte @Nullable [] whole;

  SmallFileContent(
      Entry entry,
      long index,
      EntryReader source,
      MemberChecksums learned,
      PrefetchBudget readAhead,
      Runnable onReading) {
    super(entry, index, source, learned, onReading);
    this.readAhead = readAhead;
  }

  @Override
  void computeCrc32() throws IOException {
    if (isHeld()) {
      whole = readWhole();
    } else {
      pieces().complete();
    }
  }

  @Override
  public InputStream open(long from, long to) throws IOException {
    if (!isHeld()) {
      return pieces().open(from, to);
    }
    byte[] bytes = whole == null ? readWhole() : whole;
    return new ByteArrayInputStream(bytes, (int) from, (int) (to - from));
  }

  @Override
  void begin() {
    reading = readAhead.begin((int) entry.size(), this::fetch);
  }

  /** Says that it is read together with others. */
  void begin(FileBatch files, int placeAmongThem) {
    together = files;
    place = placeAmongThem;
  }

  @Override
  long held() {
    return reading == null && together == null ? 0 : entry.size();
  }

  @Override
  void end() {
    whole = null;
    if (reading != null) {
      reading.end();
      reading = null;
    }
    if (together != null) {
      together.endOne();
      together = null;
    }
  }

  /** Whether there is room to hold it; where there is none, it may have to be read twice. */
  private boolean isHeld() {
    if (reading == null && together == null && entry.size() > TINY) {
      reading = readAhead.hold((int) entry.size(), this::fetch);
    }
    return reading != null || together != null || entry.size() <= TINY;
  }

  private byte[] readWhole() throws IOException {
    reading();
    byte[] bytes = together == null ? null : together.await(place);
    if (bytes == null) {
      bytes = reading == null ? fetch() : reading.await();
    }
    CRC32 crc = new CRC32();
    crc.update(bytes);
    learn(crc.getValue());
    return bytes;
  }

  private byte[] fetch() throws IOException {
    return source.read(entry, 0, (int) entry.size());
  }

  private ChecksumRecorder pieces() {
    reading();
    return new ChecksumRecorder(this, (from, to) -> source.open(entry, from, to), learned);
  }
}
