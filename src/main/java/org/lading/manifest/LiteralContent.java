package org.lading.manifest;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The text of a literal in UTF-8. It may be larger than the memory, so that it is only ever copied
 * from stream to stream. The owner of the target says how long, and how often, it can be written.
 */
public interface LiteralContent {
  /** Returns the number of bytes. */
  long length() throws IOException;

  /** Writes all bytes to a stream, which stays open. */
  void writeTo(OutputStream out) throws IOException;

  /** Makes the content of a text that is in memory, which can be written any number of times. */
  static LiteralContent of(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return new LiteralContent() {
      @Override
      public long length() {
        return utf8.length;
      }

      @Override
      public void writeTo(OutputStream out) throws IOException {
        out.write(utf8);
      }
    };
  }
}
