package org.lading.download;

import java.time.Clock;
import java.time.Duration;

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

  /**
   * Makes a queue.
   *
   * @param queue takes the downloads whose turn it is
   * @param threads the number of threads that a node has in a lane
   */
  public FairQueue(DownloadStore store, PreparationQueue queue, Clock clock, int threads) {
    this.store = store;
    this.queue = queue;
    this.clock = clock;
    this.share = (int) Math.max(1, threads * SHARE);
  }

  /** Returns the number of downloads of one client that may be queued in a lane. */
  public int share() {
    return share;
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
