package org.lading.limit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Bounds the bytes a second that a node sends, and shares them fairly: those who want to send ask
 * for one buffer after another, and wait in one line for each. So of any number who always want
 * more each gets as much as the others, and who takes less leaves the rest to them. No thread
 * waits.
 */
public final class Pacer {
  /** The rate without a bound. */
  public static final long UNBOUNDED = Long.MAX_VALUE;

  /** The part of a second whose bytes may be sent at once, after nobody has sent for a while. */
  private static final long BURSTS_PER_SECOND = 20;

  /** The least time for which the line is left alone, so that a fast one takes few wakings. */
  private static final long MIN_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  private final long total;
  private volatile double bytesPerSecond;
  private final Timer timer;
  private final LongSupplier nanoTime;
  private final Deque<Turn> line = new ArrayDeque<>();
  private double credit;
  private long creditedAt;
  private boolean isWoken;

  /** Runs a task after a time. */
  @FunctionalInterface
  public interface Timer {
    /**
     * Runs a task once.
     *
     * @throws RejectedExecutionException if this application stops
     */
    void runAfter(Runnable task, long nanos);
  }

  /** One who waits for a number of bytes. Compared by identity. */
  private static final class Turn {
    private final int bytes;
    private final Runnable task;

    Turn(int bytes, Runnable task) {
      this.bytes = bytes;
      this.task = task;
    }
  }

  /**
   * Makes a pacer.
   *
   * @param bytesPerSecond the number of bytes a second, or {@link #UNBOUNDED}
   * @param nanoTime the time in nanoseconds since any moment
   */
  public Pacer(long bytesPerSecond, Timer timer, LongSupplier nanoTime) {
    this.total = bytesPerSecond;
    this.bytesPerSecond = bytesPerSecond;
    this.timer = timer;
    this.nanoTime = nanoTime;
    this.creditedAt = nanoTime.getAsLong();
  }

  /**
   * Takes bytes that are to be sent now; if there are none to be had, or others wait for them, puts
   * a task into the line. When its turn is there, it has the bytes, and is run on a thread that it
   * must not hold.
   *
   * @return whether the bytes are taken
   */
  public boolean take(int bytes, Runnable task) {
    if (total == UNBOUNDED) {
      return true;
    }
    synchronized (this) {
      addCredit(bytes);
      if (line.isEmpty() && credit >= bytes) {
        credit -= bytes;
        return true;
      }
      line.addLast(new Turn(bytes, task));
      try {
        wakeLater();
      } catch (RejectedExecutionException e) {
        line.removeLast();
        return true;
      }
      return false;
    }
  }

  /** Gives bytes back that were taken, and are not sent. */
  public void giveBack(int bytes) {
    if (total != UNBOUNDED) {
      synchronized (this) {
        credit += bytes;
      }
    }
  }

  /**
   * Leaves a part of the bytes to others in this process.
   *
   * @param part more than 0, at most 1
   */
  public void share(double part) {
    if (total != UNBOUNDED) {
      bytesPerSecond = total * part;
    }
  }

  /** Returns how many wait. */
  public synchronized int waiting() {
    return line.size();
  }

  private void wake() {
    List<Turn> turns = new ArrayList<>();
    synchronized (this) {
      isWoken = false;
      for (Turn next = line.peekFirst(); next != null; next = line.peekFirst()) {
        addCredit(next.bytes);
        if (credit < next.bytes) {
          break;
        }
        credit -= next.bytes;
        turns.add(line.removeFirst());
      }
      if (!line.isEmpty()) {
        wakeLater();
      }
    }
    turns.forEach(turn -> turn.task.run());
  }

  private void wakeLater() {
    if (isWoken) {
      return;
    }
    double missing = Math.max(0, line.getFirst().bytes - credit);
    long nanos = (long) Math.ceil(missing * NANOS_PER_SECOND / bytesPerSecond);
    timer.runAfter(this::wake, Math.max(nanos, MIN_PAUSE_NANOS));
    isWoken = true;
  }

  /** Adds the bytes of the time that has passed, at most a burst, or as many as are asked for. */
  private void addCredit(int asked) {
    long now = nanoTime.getAsLong();
    double most = Math.max(asked, bytesPerSecond / BURSTS_PER_SECOND);
    credit =
        Math.min(
            Math.max(most, credit),
            credit + (now - creditedAt) * bytesPerSecond / NANOS_PER_SECOND);
    creditedAt = now;
  }
}
