package org.lading.zip;

import java.io.IOException;
import java.io.InputStream;

/** A member of an archive with its content. For one thread. */
public interface MemberContent {
  /** Returns the member. */
  Member member();

  /**
   * Returns the CRC-32 of the content as an unsigned number. It is called for the central
   * directory, and for the local header before the content is read, or for the data descriptor
   * afterwards if the member defers it.
   */
  long crc32() throws IOException;

  /**
   * Opens the bytes from one position (inclusive) to another (exclusive), at least one byte; the
   * caller closes the stream. The stream has exactly {@code to - from} bytes. A content that has
   * changed since the layout was made fails before its last byte is handed out.
   */
  InputStream open(long from, long to) throws IOException;
}
