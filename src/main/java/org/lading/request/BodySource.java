package org.lading.request;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The bytes of a request, which are read several times and from any position. */
@FunctionalInterface
public interface BodySource {
  /** Opens a stream of the bytes from a position on. */
  InputStream open(long position) throws IOException;

  /** Makes the source of bytes in memory. */
  static BodySource of(byte[] bytes) {
    return position -> {
      int from = Math.toIntExact(position);
      return new ByteArrayInputStream(bytes, from, bytes.length - from);
    };
  }
}
