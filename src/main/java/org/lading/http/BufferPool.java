package org.lading.http;

import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * The buffers with which archives are read, each for as long as a thread reads: a client that is
 * waited for has none.
 */
final class BufferPool {
  /** No buffer. */
  static final byte[] NONE = {};

  private final int size;
  private final ConcurrentLinkedDeque<byte[]> idle = new ConcurrentLinkedDeque<>();

  /** Buffers of that many bytes. */
  BufferPool(int size) {
    this.size = size;
  }

  byte[] take() {
    byte[] buffer = idle.pollFirst();
    return buffer == null ? new byte[size] : buffer;
  }

  /** Takes a buffer back; there are never more than threads have read at one time. */
  void give(byte[] buffer) {
    idle.addFirst(buffer);
  }
}
