package org.lading.download;

import java.time.Clock;
import java.time.Duration;
import java.util.function.ToIntFunction;

/**
 * Queues stored downloads for their preparation, of each client at most its share of each lane at
 * once. The others wait in the store, so that one client can neither take all threads nor stand in
 * front of all others.
 */
public final class FairQueue {
  /** The share of one client: three quarters of the threads that a node has in a lane. */
  private static final double SHARE = 0.75;

  private static final Duration MIN_AGE_TO_RESUBMIT = Duration.ofMinutes(1);
  private static final int MAX_RESUBMITTED = 1000;

  private final DownloadStore store;
  private final PreparationQueue queue;
  private final Clock clock;
  private final int share;
  private final ToIntFunction<String> maxUnsettled;

  /**
   * Makes a queue.
   *
   * @param queue takes the downloads whose turn it is
   * @param threads the number of threads that a node has in a lane
   * @param maxUnsettled returns the number of downloads that a client may have queued or waiting;
   *     {@link DownloadStore.Room#NO_LIMIT} for any
   */
  public FairQueue(
      DownloadStore store,
      PreparationQueue queue,
      Clock clock,
      int threads,
      ToIntFunction<String> maxUnsettled) {
    this.store = store;
    this.queue = queue;
    this.clock = clock;
    this.share = (int) Math.max(1, threads * SHARE);
    this.maxUnsettled = maxUnsettled;
  }

  /** Returns how many downloads a client may have. */
  public DownloadStore.Room room(String client) {
    return new DownloadStore.Room(share, maxUnsettled.applyAsInt(client));
  }

  /**
   * Throws {@code TOO_MANY_REQUESTS} if a client has as many downloads as it may: early, since a
   * store that is asked to insert one more makes others wait before it refuses that.
   */
  public void requireRoom(String client) {
    DownloadStore.Room room = room(client);
    if (room.unsettled() != DownloadStore.Room.NO_LIMIT
        && store.unsettled(client) >= room.unsettled()) {
      throw room.isFull(client, clock.instant());
    }
  }

  /** Queues a download whose turn it is. */
  public void submit(Download download) {
    queue.submit(download.id(), download.preparation().lane());
  }

  /** Queues the downloads of a client that have waited longest, as far as its share allows. */
  void submitNext(String client, Lane lane) {
    store.takeWaiting(client, lane, share).forEach(id -> queue.submit(id, lane));
  }

  /**
   * Queues what should be queued and may not be, because a node died between storing and queueing
   * it, or before it queued the next one.
   */
  public void resubmit() {
    store
        .queuedUnsettled(clock.instant().minus(MIN_AGE_TO_RESUBMIT), MAX_RESUBMITTED)
        .forEach(this::submit);
    store
        .waitingClients(MAX_RESUBMITTED)
        .forEach(waiting -> submitNext(waiting.client(), waiting.lane()));
  }
}
