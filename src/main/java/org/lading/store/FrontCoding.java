package org.lading.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Texts of one kind, in UTF-8, of which each is written as what sets it apart from the one before:
 * the number of bytes that both begin with, and the bytes behind those. One that ends as a text of
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

    private byte[] bytes = new byte[USUAL_LENGTH];
    private int length;
    private String text = "";

    String read(RecordInput in) {
      int before = length;
      int shared = in.readCount(before);
      int added = in.readLength();
      if (shared == before && added == 0) {
        return text;
      }
      add(in, shared, added);
      return keep();
    }

    /** Reads a text that was written without the end of the last one of another kind. */
    String read(RecordInput in, Reader other) {
      int shared = in.readCount(length);
      add(in, shared, in.readLength());
      int end = in.readCount(other.length);
      makeRoom(end);
      System.arraycopy(other.bytes, other.length - end, bytes, length, end);
      length += end;
      return keep();
    }

    private void add(RecordInput in, int shared, int added) {
      length = shared;
      makeRoom(added);
      in.copy(added, bytes, length);
      length += added;
    }

    private String keep() {
      text = new String(bytes, 0, length, StandardCharsets.UTF_8);
      return text;
    }

    private void makeRoom(int more) {
      if (more > bytes.length - length) {
        bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, more), bytes.length * 2));
      }
    }
  }
}
