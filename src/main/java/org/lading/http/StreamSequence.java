package org.lading.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;

/** Streams behind one another, each opened when the one before it has ended. */
final class StreamSequence extends InputStream {
  private final Iterator<StreamOpener> parts;
  private InputStream current = InputStream.nullInputStream();

  /** One of the streams. */
  @FunctionalInterface
  interface StreamOpener {
    /** Opens it. */
    InputStream open() throws IOException;
  }

  StreamSequence(List<StreamOpener> parts) {
    this.parts = parts.iterator();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int start, int length) throws IOException {
    int read = current.read(buffer, start, length);
    while (read < 0 && parts.hasNext()) {
      current.close();
      current = parts.next().open();
      read = current.read(buffer, start, length);
    }
    return read;
  }

  @Override
  public void close() throws IOException {
    current.close();
  }
}
