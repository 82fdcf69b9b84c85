package org.lading.store;

import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.lading.manifest.Entry;

/**
 * The first stored form of a run of entries, {@link Packed}; only read now, because downloads live
 * on when Lading is updated.
 *
 * <p>An entry is a byte of {@code FLAG_}s and then: name, size, CRC-32 (4 bytes, if known),
 * modification time (seconds, nanoseconds), root, key, version (if there is a source) and stored
 * path (if there is one).
 */
final class FirstEntryCodec implements EntryCodec.Decoder {
  static final int VERSION = 1;

  private static final int FLAG_DIRECTORY = 1;
  private static final int FLAG_CRC32 = 2;
  private static final int FLAG_SOURCE = 4;
  private static final int FLAG_VERSION = 8;
  private static final int FLAG_STORED = 16;

  private final Packed.Input in;

  FirstEntryCodec(byte[] chunk) {
    this.in = new Packed.Input(VERSION, chunk);
  }

  @Override
  public Entry next() {
    try {
      return read();
    } catch (IOException e) {
      throw Packed.Input.damaged(e);
    }
  }

  private Entry read() throws IOException {
    int flags = in.readByte();
    String name = in.readText();
    long size = in.readNumber();
    long crc32 =
        (flags & FLAG_CRC32) != 0 ? Integer.toUnsignedLong(in.readInt()) : Entry.UNKNOWN_CRC32;
    Instant modified = Instant.ofEpochSecond(in.readNumber(), in.readNumber());
    Entry.Source source = null;
    if ((flags & FLAG_SOURCE) != 0) {
      source = new Entry.Source(in.readText(), in.readText(), textIf(flags, FLAG_VERSION));
    }
    return new Entry(
        (flags & FLAG_DIRECTORY) != 0 ? Entry.Kind.DIRECTORY : Entry.Kind.FILE,
        name,
        size,
        crc32,
        modified,
        source,
        textIf(flags, FLAG_STORED));
  }

  private @Nullable String textIf(int flags, int flag) throws IOException {
    return (flags & flag) != 0 ? in.readText() : null;
  }
}
