package org.lading.zip;

import java.io.IOException;
import java.io.InputStream;

/** A member of an archive with its bytes. For one thread. */
public interface MemberContent {
  /** What the layout depends on. */
  Member member();

  /**
   * The CRC-32 of the bytes as an unsigned number. Asked for before the bytes are read if the
   * member does not defer it, else when they have gone out or were skipped; and for the central
   * directory.
   */
  long crc32() throws IOException;

  /**
   * The bytes from one position (inclusive) to another (exclusive), which are at least one; the
   * caller closes the stream. It has exactly so many, or fails: what is no longer the content that
   * the layout was made for must end in an exception before its last byte is handed out.
   */
  InputStream open(long from, long to) throws IOException;
}
