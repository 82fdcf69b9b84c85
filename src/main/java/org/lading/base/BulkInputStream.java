package org.lading.base;

import java.io.IOException;
import java.io.InputStream;

/**
 * An input stream whose subclasses implement only the reading of blocks; single bytes are read as
 * blocks of one.
 */
public abstract class BulkInputStream extends InputStream {
  /** See {@link InputStream#read(byte[], int, int)}, which a subclass must implement. */
  @Override
  public abstract int read(byte[] buffer, int start, int length) throws IOException;

  @Override
  public final int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }
}
