package org.lading.http.archive;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Reads small files of remote roots before their turn comes, for all archives together: within one
 * bound of memory, so that many archives at once read less far ahead each, and never too much.
 */
public final class ReadAhead {
  private static final int KIB = 1024;

  private final ExecutorService threads;
  private final Semaphore free;

  /**
   * Reads on the given threads.
   *
   * @param bytes the most bytes that are held for archives that have not come to them
   */
  public ReadAhead(ExecutorService threads, long bytes) {
    this.threads = threads;
    this.free = new Semaphore(Math.toIntExact(bytes / KIB));
  }

  /** Begins to read; null if there is no room, and the file is read when its turn comes. */
  @Nullable Reading begin(long size, Callable<byte[]> read) {
    int room = (int) (size / KIB + 1);
    if (!free.tryAcquire(room)) {
      return null;
    }
    try {
      return new Reading(threads.submit(read), room);
    } catch (RejectedExecutionException e) {
      free.release(room);
      return null;
    }
  }

  /** A file that is being read, with its room until it is taken or given up. */
  final class Reading {
    private final Future<byte[]> result;
    private int room;

    private Reading(Future<byte[]> result, int room) {
      this.result = result;
      this.room = room;
    }

    /** Where the bytes, or the failure, will be. */
    Future<byte[]> result() {
      return result;
    }

    /** Frees the room, and stops the reading if it is not done; nothing happens the second time. */
    void end() {
      result.cancel(true);
      free.release(room);
      room = 0;
    }
  }
}
