package org.lading.zip;

import java.io.IOException;
import java.io.InputStream;

/** The bytes of an archive's members. For one thread. */
public interface Contents {
  /**
   * The CRC-32 of a member's content as an unsigned number. Asked for a member that does not defer
   * it before its content is read; for one that does, when its content has gone out or was skipped.
   *
   * @param index the member, counted from 0
   */
  long crc32(long index) throws IOException;

  /**
   * A member's content from a position on; the caller closes it. It has at least as many bytes as
   * the member's size leaves, or fails: what is no longer the content that the layout was made for
   * must end in an exception before its last byte is handed out.
   */
  InputStream open(long index, long position) throws IOException;

  /** Called once no more is asked for; releases what was opened on the way. */
  void close() throws IOException;
}
