package org.lading.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Swaps two files or directories again and again, as somebody does who can write in a root: with
 * {@code renameat2}, so that there is always one of the two at each path.
 */
public final class Swapper implements AutoCloseable {
  private static final int AT_FDCWD = -100;
  private static final int RENAME_EXCHANGE = 2;
  private static final long RENAMEAT2 = System.getProperty("os.arch").equals("aarch64") ? 276 : 316;

  private final Path one;
  private final Path other;
  private final Thread thread;
  private volatile boolean stopped;
  private final AtomicLong swaps = new AtomicLong();

  static {
    try (NativeLibrary process = NativeLibrary.getProcess()) {
      Native.register(Swapper.class, process);
    }
  }

  /** Begins to swap, once in as many microseconds. */
  public Swapper(Path one, Path other, int micros) {
    this.one = one;
    this.other = other;
    long pause = TimeUnit.MICROSECONDS.toNanos(micros);
    thread = new Thread(() -> swapUntilStopped(pause), "swapper");
    thread.start();
  }

  /** How often it has swapped. */
  public long swaps() {
    return swaps.get();
  }

  /** Stops, with both in their first places. */
  @Override
  public void close() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (swaps.get() % 2 == 1) {
      swap();
    }
  }

  private void swapUntilStopped(long pause) {
    while (!stopped) {
      swap();
      long next = System.nanoTime() + pause;
      while (System.nanoTime() - next < 0) {
        Thread.onSpinWait();
      }
    }
  }

  private void swap() {
    if (syscall(RENAMEAT2, AT_FDCWD, terminated(one), AT_FDCWD, terminated(other), RENAME_EXCHANGE)
        != 0) {
      throw new IllegalStateException("renameat2 failed: " + Native.getLastError());
    }
    swaps.incrementAndGet();
  }

  private static byte[] terminated(Path path) {
    byte[] bytes = path.toString().getBytes(UTF_8);
    return Arrays.copyOf(bytes, bytes.length + 1);
  }

  private static native long syscall(
      long number, long from, byte[] one, long to, byte[] other, long flags);
}
