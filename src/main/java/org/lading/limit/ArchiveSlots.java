package org.lading.limit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.error.Pause;

/**
 * Lets at most a number of archives be sent at once, in the order in which they were asked for.
 *
 * <p>Who asks waits on its connection, or is told its place and asks again: then the place is kept
 * for it for some seconds. What one address gets of one download is one archive, also over several
 * connections, since programs fetch an archive in parts, and resume it while the connection that
 * broke is not yet known to be gone.
 */
public final class ArchiveSlots implements AutoCloseable {
  /** The number of archives without a bound. */
  public static final int UNBOUNDED = Integer.MAX_VALUE;

  /** The maximum number of connections that get one archive as one. */
  private static final int MAX_CONNECTIONS = 8;

  /** The maximum number of those who wait; each holds a connection at most. */
  private static final int MAX_WAITING = 1000;

  /** The maximum number of those of one address who wait, so that it does not close the line. */
  private static final int MAX_WAITING_OF_ADDRESS = 50;

  /** The time after which one who was told its place asks again. */
  private static final int RETRY_SECONDS = 5;

  /** The time for which its place is kept. */
  private static final Duration KEPT = Duration.ofSeconds(15);

  private final int slots;
  private final IntSupplier elsewhere;
  private final Clock clock;
  private final List<Place> line = new ArrayList<>();
  private final Map<String, Integer> connections = new HashMap<>();
  private int used;
  private boolean isClosed;

  /** A place in the line. Compared by identity. */
  private static final class Place {
    private final String key;
    private final String block;

    /** The answer to the one who waits; null while nobody does, but the place is kept. */
    private @Nullable CompletableFuture<Slot> waiting;

    private Instant until;

    Place(String key, String block, Instant until) {
      this.key = key;
      this.block = block;
      this.until = until;
    }
  }

  /**
   * Makes slots.
   *
   * @param slots the number of archives, or {@link #UNBOUNDED}
   * @param elsewhere tells how many of them are sent by others in this process, which began them
   *     with settings of before
   */
  public ArchiveSlots(int slots, IntSupplier elsewhere, Clock clock) {
    this.slots = slots;
    this.elsewhere = elsewhere;
    this.clock = clock;
  }

  /**
   * Asks for a slot.
   *
   * @param key what is one archive: a download, and the address that gets it
   * @param block what counts as one address, {@link Caller#block()}
   * @param patience the time for which the caller waits
   * @return completes with the slot, or fails with {@code WAITING}, which tells the place; or with
   *     {@code BUSY}, if too many wait, or too many of that address
   */
  public CompletableFuture<Slot> enter(String key, String block, Duration patience) {
    if (slots == UNBOUNDED) {
      return CompletableFuture.completedFuture(new Slot(null));
    }
    CompletableFuture<Slot> answer = new CompletableFuture<>();
    List<Runnable> answers = new ArrayList<>();
    synchronized (this) {
      if (isClosed) {
        return CompletableFuture.failedFuture(stopping());
      }
      Instant now = clock.instant();
      Place place = keptPlace(key);
      if (place == null) {
        LadingException full = full(block);
        if (full != null) {
          return CompletableFuture.failedFuture(full);
        }
        place = new Place(key, block, now);
        line.add(place);
      }
      place.waiting = answer;
      place.until = now.plus(patience);
      advance(answers);
      if (patience.isZero()) {
        leave(place, now, answers);
      }
    }
    answers.forEach(Runnable::run);
    return answer;
  }

  /** Answers those who have waited long enough; to be called about every second. */
  public void tick() {
    List<Runnable> answers = new ArrayList<>();
    synchronized (this) {
      Instant now = clock.instant();
      line.removeIf(place -> place.waiting == null && place.until.isBefore(now));
      for (Place place : line) {
        if (place.waiting != null && !place.until.isAfter(now)) {
          leave(place, now, answers);
        }
      }
      advance(answers);
    }
    answers.forEach(Runnable::run);
  }

  /** Answers all who wait, since this application stops. */
  @Override
  public void close() {
    List<Place> ended;
    synchronized (this) {
      isClosed = true;
      ended = List.copyOf(line);
      line.clear();
    }
    for (Place place : ended) {
      CompletableFuture<Slot> waiting = place.waiting;
      if (waiting != null) {
        waiting.completeExceptionally(stopping());
      }
    }
  }

  /** Returns whether this application stops. */
  public synchronized boolean isClosed() {
    return isClosed;
  }

  private static LadingException stopping() {
    return new LadingException(ErrorCode.STORAGE_UNAVAILABLE, "This application stops");
  }

  /** Returns the number of archives that are being sent. */
  public synchronized int used() {
    return used;
  }

  /** Returns the number of those who wait. */
  public synchronized int waiting() {
    return line.size();
  }

  /** Returns why nobody else of an address can wait, or null. */
  private @Nullable LadingException full(String block) {
    if (line.size() >= MAX_WAITING) {
      return new LadingException(ErrorCode.BUSY, "Too many wait for archives");
    }
    long own = line.stream().filter(place -> place.block.equals(block)).count();
    return own < MAX_WAITING_OF_ADDRESS
        ? null
        : new LadingException(
            ErrorCode.BUSY, "Too many of the address %s wait for archives".formatted(block));
  }

  private @Nullable Place keptPlace(String key) {
    return line.stream()
        .filter(place -> place.waiting == null && place.key.equals(key))
        .findFirst()
        .orElse(null);
  }

  /** Gives slots to those whose turn is there; one is kept free for each who comes again. */
  private void advance(List<Runnable> answers) {
    int free = slots - used - elsewhere.getAsInt();
    for (Iterator<Place> places = line.iterator(); places.hasNext(); ) {
      Place place = places.next();
      // Each MAX_CONNECTIONS of one key have one slot.
      boolean isPart = connections.getOrDefault(place.key, 0) % MAX_CONNECTIONS != 0;
      CompletableFuture<Slot> waiting = place.waiting;
      if (!isPart && free <= 0) {
        continue;
      }
      if (waiting == null) {
        free -= isPart ? 0 : 1;
        continue;
      }
      places.remove();
      free -= isPart ? 0 : 1;
      used += isPart ? 0 : 1;
      connections.merge(place.key, 1, Integer::sum);
      answers.add(() -> waiting.complete(new Slot(place.key)));
    }
  }

  /** Tells one who waits its place, which is kept; does nothing if it has a slot. */
  private void leave(Place place, Instant now, List<Runnable> answers) {
    int before = line.indexOf(place);
    CompletableFuture<Slot> waiting = place.waiting;
    if (before < 0 || waiting == null) {
      return;
    }
    place.waiting = null;
    place.until = now.plus(KEPT);
    Pause pause = new Pause(now.plusSeconds(RETRY_SECONDS), RETRY_SECONDS, Map.of(), before + 1);
    answers.add(
        () ->
            waiting.completeExceptionally(
                LadingException.pausing(
                    ErrorCode.WAITING,
                    "As many archives are being sent as may be at once, %d; this one is number %d in line"
                        .formatted(slots, before + 1),
                    pause)));
  }

  private void release(String key) {
    List<Runnable> answers = new ArrayList<>();
    synchronized (this) {
      int left = connections.merge(key, -1, Integer::sum);
      if (left % MAX_CONNECTIONS == 0) {
        used--;
      }
      if (left == 0) {
        connections.remove(key);
      }
      advance(answers);
    }
    answers.forEach(Runnable::run);
  }

  /** The right to send an archive, until it is closed. */
  public final class Slot implements AutoCloseable {
    private @Nullable String key;

    private Slot(@Nullable String key) {
      this.key = key;
    }

    @Override
    public synchronized void close() {
      String held = key;
      key = null;
      if (held != null) {
        release(held);
      }
    }
  }
}
