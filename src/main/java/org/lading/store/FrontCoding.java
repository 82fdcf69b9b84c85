package org.lading.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.lading.base.ByteBuilder;

/**
 * Front coding of texts of one kind: of each, in UTF-8, the number of bytes is written that it
 * begins with as the one before does, and then the bytes after those. One that ends as a text of
 * another kind does can be written without that end, followed by its length.
 */
final class FrontCoding {
  private FrontCoding() {}

  /** Writes texts. */
  static final class Writer {
    private byte[] bytes = {};
    private String text = "";

    void write(String next, RecordOutput out) {
      if (next.equals(text)) {
        out.writeNumber(bytes.length);
        out.writeNumber(0);
        return;
      }
      byte[] utf8 = next.getBytes(StandardCharsets.UTF_8);
      int shared = sharedWith(utf8);
      out.writeNumber(shared);
      out.writeBytes(utf8, shared, utf8.length);
      bytes = utf8;
      text = next;
    }

    /** Writes a text without the end that it has in common with the last one of another kind. */
    void write(String next, Writer other, RecordOutput out) {
      byte[] utf8 = next.getBytes(StandardCharsets.UTF_8);
      int end = utf8.length - commonEnd(utf8, other.bytes);
      int shared = Math.min(sharedWith(utf8), end);
      out.writeNumber(shared);
      out.writeBytes(utf8, shared, end);
      out.writeNumber(utf8.length - end);
      bytes = utf8;
      text = next;
    }

    private int sharedWith(byte[] utf8) {
      int mismatch = Arrays.mismatch(bytes, utf8);
      return mismatch < 0 ? utf8.length : mismatch;
    }

    private static int commonEnd(byte[] a, byte[] b) {
      int most = Math.min(a.length, b.length);
      int same = 0;
      while (same < most && a[a.length - 1 - same] == b[b.length - 1 - same]) {
        same++;
      }
      return same;
    }
  }

  /** Reads texts. */
  static final class Reader {
    private static final int USUAL_LENGTH = 128;

    private final ByteBuilder bytes = new ByteBuilder(USUAL_LENGTH);
    private String text = "";

    String read(RecordInput in) {
      int before = bytes.length();
      int shared = in.readCount(before);
      int added = in.readLength();
      if (shared < before || added > 0) {
        bytes.truncate(shared);
        in.copyTo(bytes, added);
        text = bytes.toString();
      }
      return text;
    }

    /** Reads a text that was written without the end of the last one of another kind. */
    String read(RecordInput in, Reader other) {
      bytes.truncate(in.readCount(bytes.length()));
      in.copyTo(bytes, in.readLength());
      int end = in.readCount(other.bytes.length());
      bytes.append(other.bytes, other.bytes.length() - end);
      text = bytes.toString();
      return text;
    }
  }
}
