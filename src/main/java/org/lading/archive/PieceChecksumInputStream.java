package org.lading.archive;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import org.lading.checksum.PieceChecksums;

/** Computes the CRC-32 of each piece as it passes by, before its last byte is handed out. */
final class PieceChecksumInputStream extends FilterInputStream {
  private final long size;
  private final Passed passed;
  private final CRC32 crc = new CRC32();
  private long begin;
  private long position;

  /** Is told of the bytes that passed by. */
  @FunctionalInterface
  interface Passed {
    /** All bytes from one position to another, both in one piece, or the end of it. */
    void on(long from, long to, long crc32);
  }

  /** The bytes of a content of that size from a position on. */
  PieceChecksumInputStream(InputStream in, long from, long size, Passed passed) {
    super(in);
    this.size = size;
    this.passed = passed;
    this.begin = from;
    this.position = from;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int start, int length) throws IOException {
    long end = Math.min(PieceChecksums.begin(PieceChecksums.at(position) + 1), size);
    int read = in.read(buffer, start, (int) Math.min(length, Math.max(end - position, 1)));
    if (read > 0) {
      crc.update(buffer, start, read);
      position += read;
      if (position == end) {
        pass();
      }
    }
    return read;
  }

  /** What has passed by of a piece that was left in the middle may complete another part of it. */
  @Override
  public void close() throws IOException {
    super.close();
    if (position > begin) {
      pass();
    }
  }

  private void pass() {
    passed.on(begin, position, crc.getValue());
    crc.reset();
    begin = position;
  }
}
