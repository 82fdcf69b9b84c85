package org.lading.store;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;
import org.lading.manifest.Entry;

/**
 * The stored form of a run of entries: one version byte, then the entries behind one another,
 * deflated.
 *
 * <p>An entry is a byte of {@code FLAG_}s and then: name, size, CRC-32 (4 bytes, if known),
 * modification time (seconds, nanoseconds), root, key, version (if there is a source) and stored
 * path (if there is one). Numbers are in groups of 7 bits, lowest first; texts are UTF-8 behind
 * their length in bytes.
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
    private final ByteArrayOutputStream plain = new ByteArrayOutputStream(64 * 1024);
    private final DataOutputStream out = new DataOutputStream(plain);
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
      return plain.size();
    }

    /** The chunk; the encoder is then empty again. */
    byte[] finish() {
      ByteArrayOutputStream chunk = new ByteArrayOutputStream(plain.size() / 4 + 64);
      chunk.write(VERSION);
      try (DeflaterOutputStream deflated = new DeflaterOutputStream(chunk)) {
        plain.writeTo(deflated);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      plain.reset();
      count = 0;
      return chunk.toByteArray();
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
      writeText(entry.name());
      writeNumber(entry.size());
      if (entry.hasCrc32()) {
        out.writeInt((int) entry.crc32());
      }
      Instant modified = entry.modified();
      writeNumber(modified.getEpochSecond());
      writeNumber(modified.getNano());
      if (source != null) {
        writeText(source.root());
        writeText(source.key());
      }
      if (version != null) {
        writeText(version);
      }
      if (stored != null) {
        writeText(stored);
      }
    }

    private void writeText(String text) throws IOException {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      writeNumber(bytes.length);
      out.write(bytes);
    }

    private void writeNumber(long number) throws IOException {
      long rest = number;
      while ((rest & ~0x7fL) != 0) {
        out.writeByte((int) (rest & 0x7f) | 0x80);
        rest >>>= 7;
      }
      out.writeByte((int) rest);
    }
  }

  /** Reads the entries of one chunk; the caller knows how many there are. */
  static final class Decoder {
    private final DataInputStream in;

    Decoder(byte[] chunk) {
      if (chunk[0] != VERSION) {
        throw new IllegalStateException("entry chunk of an unknown version " + chunk[0]);
      }
      // Inflated at once, so that no native memory waits for the garbage collector.
      try (InflaterInputStream inflated =
          new InflaterInputStream(new ByteArrayInputStream(chunk, 1, chunk.length - 1))) {
        this.in = new DataInputStream(new ByteArrayInputStream(inflated.readAllBytes()));
      } catch (IOException e) {
        throw new UncheckedIOException("a damaged entry chunk", e);
      }
    }

    Entry next() {
      try {
        return read();
      } catch (IOException e) {
        throw new UncheckedIOException("a damaged entry chunk", e);
      }
    }

    private Entry read() throws IOException {
      int flags = in.readUnsignedByte();
      String name = readText();
      long size = readNumber();
      long crc32 =
          (flags & FLAG_CRC32) != 0 ? Integer.toUnsignedLong(in.readInt()) : Entry.UNKNOWN_CRC32;
      Instant modified = Instant.ofEpochSecond(readNumber(), readNumber());
      Entry.Source source = null;
      if ((flags & FLAG_SOURCE) != 0) {
        source = new Entry.Source(readText(), readText(), textIf(flags, FLAG_VERSION));
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
      return (flags & flag) != 0 ? readText() : null;
    }

    private String readText() throws IOException {
      byte[] bytes = new byte[(int) readNumber()];
      in.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    }

    private long readNumber() throws IOException {
      long number = 0;
      for (int shift = 0; ; shift += 7) {
        int group = in.readUnsignedByte();
        number |= (long) (group & 0x7f) << shift;
        if ((group & 0x80) == 0) {
          return number;
        }
      }
    }
  }
}
