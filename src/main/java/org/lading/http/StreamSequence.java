package org.lading.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;
import org.lading.base.BulkInputStream;

/**
 * A stream of the bytes of several streams, each of which is opened when the one before it has
 * ended.
 */
final class StreamSequence extends BulkInputStream {
  private final Iterator<StreamOpener> openers;
  private InputStream current = InputStream.nullInputStream();

  /** Opens one of the streams. */
  @FunctionalInterface
  interface StreamOpener {
    /** Opens the stream. */
    InputStream open() throws IOException;
  }

  StreamSequence(List<StreamOpener> openers) {
    this.openers = openers.iterator();
  }

  @Override
  public int read(byte[] buffer, int start, int length) throws IOException {
    int read = current.read(buffer, start, length);
    while (read < 0 && openers.hasNext()) {
      current.close();
      current = openers.next().open();
      read = current.read(buffer, start, length);
    }
    return read;
  }

  @Override
  public void close() throws IOException {
    current.close();
  }
}
