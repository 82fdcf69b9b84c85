package org.lading.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.lading.base.ByteBuilder;

/**
 * Front coding of texts of one kind: for each text, in UTF-8, the writer writes the length in bytes
 * of the prefix that it shares with the text before, and then the remaining bytes. A suffix that it
 * shares with a text of another kind can be left out; its length is then written at the end.
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

    /** Writes a text without the suffix that it shares with the last text of another kind. */
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

    /**
     * Reads a text that was written without the suffix that it shares with the last text of another
     * kind.
     */
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
