package org.lading.archive;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import org.lading.base.BulkInputStream;
import org.lading.checksum.PieceChecksums;

/**
 * Passes on the bytes of a file, computes the CRC-32 of each of its pieces of 16 MiB, and reports
 * it before the piece's last byte is handed out.
 */
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
    /**
     * Takes the CRC-32 of the bytes from a position (inclusive) to another (exclusive) of the same
     * piece.
     */
    void accept(long from, long to, long crc32);
  }

  /**
   * Makes a stream over {@code in}, which has the bytes of a content of {@code size} bytes from a
   * position on, and which it closes.
   */
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

  /**
   * Closes the source, and reports the CRC-32 of a piece that was read in part, which a later read
   * of the rest can complete.
   */
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
