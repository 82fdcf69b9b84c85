package org.lading.http;

import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * A pool of the buffers into which archives are read. A sender takes a buffer when a thread reads,
 * and gives it back when its bytes are written; so a slow client holds none, except before the
 * first write.
 */
final class BufferPool {
  /** The empty buffer, which stands for no buffer. */
  static final byte[] NONE = {};

  private final int size;
  private final ConcurrentLinkedDeque<byte[]> idle = new ConcurrentLinkedDeque<>();

  /** Makes an empty pool of buffers of {@code size} bytes. */
  BufferPool(int size) {
    this.size = size;
  }

  /** Returns the number of bytes of each buffer. */
  int size() {
    return size;
  }

  /** Takes a buffer out of the pool, or makes one. */
  byte[] take() {
    byte[] buffer = idle.pollFirst();
    return buffer == null ? new byte[size] : buffer;
  }

  /** Puts a buffer back; the pool never has more buffers than threads have read at one time. */
  void giveBack(byte[] buffer) {
    idle.addFirst(buffer);
  }
}
