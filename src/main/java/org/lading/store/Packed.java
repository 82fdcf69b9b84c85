package org.lading.store;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * The stored form of many small records: one version byte, then the records behind one another,
 * deflated. Numbers are in groups of 7 bits, lowest first; texts are UTF-8 behind their length in
 * bytes.
 */
final class Packed {
  private Packed() {}

  /** Writes records to a stream, one behind another. */
  static class Writer {
    private final DataOutputStream out;

    Writer(OutputStream out) {
      this.out = new DataOutputStream(out);
    }

    void writeByte(int value) throws IOException {
      out.writeByte(value);
    }

    void writeInt(int value) throws IOException {
      out.writeInt(value);
    }

    void writeText(String text) throws IOException {
      writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    void writeBytes(byte[] bytes) throws IOException {
      writeNumber(bytes.length);
      out.write(bytes);
    }

    void writeNumber(long number) throws IOException {
      long rest = number;
      while ((rest & ~0x7fL) != 0) {
        out.writeByte((int) (rest & 0x7f) | 0x80);
        rest >>>= 7;
      }
      out.writeByte((int) rest);
    }
  }

  /** Packs records. */
  static final class Output extends Writer {
    private final int version;
    private final ByteArrayOutputStream plain;

    Output(int version) {
      this(version, new ByteArrayOutputStream(64 * 1024));
    }

    private Output(int version, ByteArrayOutputStream plain) {
      super(plain);
      this.version = version;
      this.plain = plain;
    }

    /** The size before compression, in bytes. */
    int plainBytes() {
      return plain.size();
    }

    /** The packed records; the output is then empty again. */
    byte[] finish() {
      ByteArrayOutputStream packed = new ByteArrayOutputStream(plain.size() / 4 + 64);
      packed.write(version);
      try (DeflaterOutputStream deflated = new DeflaterOutputStream(packed)) {
        plain.writeTo(deflated);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      plain.reset();
      return packed.toByteArray();
    }
  }

  /** Reads records from a stream. */
  static class Reader {
    private final DataInputStream in;

    Reader(InputStream in) {
      this.in = new DataInputStream(in);
    }

    int readByte() throws IOException {
      return in.readUnsignedByte();
    }

    int readInt() throws IOException {
      return in.readInt();
    }

    String readText() throws IOException {
      return new String(readBytes(), StandardCharsets.UTF_8);
    }

    byte[] readBytes() throws IOException {
      byte[] bytes = new byte[(int) readNumber()];
      in.readFully(bytes);
      return bytes;
    }

    long readNumber() throws IOException {
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

  /** Unpacks records. */
  static final class Input extends Reader {
    /** Throws {@link IllegalStateException} for a form of another version. */
    Input(int version, byte[] packed) {
      super(new ByteArrayInputStream(plain(version, packed)));
    }

    private static byte[] plain(int version, byte[] packed) {
      if (packed[0] != version) {
        throw new IllegalStateException("stored records of an unknown version " + packed[0]);
      }
      // Inflated at once, so that no native memory waits for the garbage collector.
      try (InflaterInputStream inflated =
          new InflaterInputStream(new ByteArrayInputStream(packed, 1, packed.length - 1))) {
        return inflated.readAllBytes();
      } catch (IOException e) {
        throw damaged(e);
      }
    }

    static UncheckedIOException damaged(IOException cause) {
      return new UncheckedIOException("damaged stored records", cause);
    }
  }
}
