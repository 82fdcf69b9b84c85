package org.lading.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.lading.manifest.Entry;

/**
 * The stored form of a run of entries, {@link Packed}.
 *
 * <p>An entry is a byte of {@code FLAG_}s and then: name, size, CRC-32 (4 bytes, if known),
 * modification time (seconds, nanoseconds), root, key, version (if there is a source) and stored
 * path (if there is one).
 */
final class EntryCodec {
  private static final int VERSION = 1;

  private static final int FLAG_DIRECTORY = 1;
  private static final int FLAG_CRC32 = 2;
  private static final int FLAG_SOURCE = 4;
  private static final int FLAG_VERSION = 8;
  private static final int FLAG_STORED = 16;

  private EntryCodec() {}

  /** Collects the entries of one chunk. */
  static final class Encoder {
    private final Packed.Output out = new Packed.Output(VERSION);
    private int count;

    void add(Entry entry) {
      try {
        write(entry);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      count++;
    }

    int count() {
      return count;
    }

    /** The size before compression, in bytes. */
    int plainBytes() {
      return out.plainBytes();
    }

    /** The chunk; the encoder is then empty again. */
    byte[] finish() {
      count = 0;
      return out.finish();
    }

    private void write(Entry entry) throws IOException {
      Entry.Source source = entry.source();
      String version = source == null ? null : source.version();
      String stored = entry.stored();
      out.writeByte(
          (entry.isDirectory() ? FLAG_DIRECTORY : 0)
              | (entry.hasCrc32() ? FLAG_CRC32 : 0)
              | (source != null ? FLAG_SOURCE : 0)
              | (version != null ? FLAG_VERSION : 0)
              | (stored != null ? FLAG_STORED : 0));
      out.writeText(entry.name());
      out.writeNumber(entry.size());
      if (entry.hasCrc32()) {
        out.writeInt((int) entry.crc32());
      }
      Instant modified = entry.modified();
      out.writeNumber(modified.getEpochSecond());
      out.writeNumber(modified.getNano());
      if (source != null) {
        out.writeText(source.root());
        out.writeText(source.key());
      }
      if (version != null) {
        out.writeText(version);
      }
      if (stored != null) {
        out.writeText(stored);
      }
    }
  }

  /** Reads the entries of one chunk; the caller knows how many there are. */
  static final class Decoder {
    private final Packed.Input in;

    Decoder(byte[] chunk) {
      this.in = new Packed.Input(VERSION, chunk);
    }

    Entry next() {
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
}
