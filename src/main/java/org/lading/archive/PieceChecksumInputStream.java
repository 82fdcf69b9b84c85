package org.lading.archive;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import org.lading.base.BulkInputStream;
import org.lading.checksum.PieceChecksums;

/** Computes the CRC-32 of each piece while it is read, before its last byte is handed out. */
final class PieceChecksumInputStream extends BulkInputStream {
  private final InputStream in;
  private final long size;
  private final Observer observer;
  private final CRC32 crc = new CRC32();
  private long begin;
  private long position;

  /** Takes the checksums of bytes that were read. */
  @FunctionalInterface
  interface Observer {
    /** Takes the CRC-32 of the bytes from a position to another of the same piece, or its end. */
    void accept(long from, long to, long crc32);
  }

  /** Reads a content of a size in bytes, from a position on; closes {@code in} with it. */
  PieceChecksumInputStream(InputStream in, long from, long size, Observer observer) {
    this.in = in;
    this.size = size;
    this.observer = observer;
    this.begin = from;
    this.position = from;
  }

  @Override
  public int read(byte[] buffer, int start, int length) throws IOException {
    long end = Math.min(PieceChecksums.begin(PieceChecksums.at(position) + 1), size);
    int read = in.read(buffer, start, (int) Math.min(length, Math.max(end - position, 1)));
    if (read > 0) {
      crc.update(buffer, start, read);
      position += read;
      if (position == end) {
        report();
      }
    }
    return read;
  }

  /** Closes the source, and reports a piece of which only a part was read: it may be of use. */
  @Override
  public void close() throws IOException {
    in.close();
    if (position > begin) {
      report();
    }
  }

  private void report() {
    observer.accept(begin, position, crc.getValue());
    crc.reset();
    begin = position;
  }
}
