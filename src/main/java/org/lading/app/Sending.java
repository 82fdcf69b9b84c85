package org.lading.app;

import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.lading.download.Transfer;
import org.lading.download.Transfers;
import org.lading.health.RecentHour;
import org.lading.metrics.Metrics;

/**
 * What this process sends, whichever settings it began with, and its last hour: a change of
 * settings ends neither.
 */
final class Sending implements Transfers.Observer {
  private static final String READY = "ready";

  /** Outcomes of creates that made a download. */
  private static final Set<String> ACCEPTED = Set.of(READY, "pending");

  private static final Set<Transfer.Ending> FAILED =
      Set.of(Transfer.Ending.SOURCE, Transfer.Ending.STORAGE);

  private final Metrics metrics;
  private final Clock clock;
  private final Set<Transfers> all = new CopyOnWriteArraySet<>();
  private final RecentHour hour = new RecentHour();
  private final LongAdder brokenOff = new LongAdder();
  private final LongAdder endedBytes = new LongAdder();
  private final AtomicLong bytes = new AtomicLong();

  /** Makes one without transfers. */
  Sending(Metrics metrics, Clock clock) {
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * Adds the transfers of an application that begins to serve, and observes them.
   *
   * @return what ends that
   */
  AutoCloseable add(Transfers transfers) {
    transfers.add(this);
    all.add(transfers);
    return () -> all.remove(transfers);
  }

  /** Returns the transfers of archives that are running, the oldest first. */
  List<Transfer> archives() {
    return running().stream().filter(Transfer::isOfArchive).toList();
  }

  /** Returns all transfers that are running, the oldest first. */
  List<Transfer> running() {
    return all.stream()
        .flatMap(transfers -> transfers.running().stream())
        .sorted(Comparator.comparing(Transfer::begun))
        .toList();
  }

  /** Returns what the transfers of one application are of all. */
  Part part(Transfers transfers) {
    return new Part(transfers);
  }

  /** The transfers of one application among those of all. */
  final class Part {
    private final Transfers mine;

    private Part(Transfers mine) {
      this.mine = mine;
    }

    private int own() {
      return (int) mine.running().stream().filter(Transfer::isOfArchive).count();
    }

    /** Returns the number of archives that others send. */
    int others() {
      return all.stream()
          .filter(transfers -> transfers != mine)
          .mapToInt(transfers -> new Part(transfers).own())
          .sum();
    }

    /** Returns the part of all archives that this application sends, more than 0 and at most 1. */
    double share() {
      int others = others();
      return others == 0 ? 1 : Math.max(1, own()) / (double) (Math.max(1, own()) + others);
    }
  }

  @Override
  public void ended(Transfer transfer) {
    endedBytes.add(transfer.sent());
    Transfer.End end = transfer.end();
    if (end != null && FAILED.contains(end.ending())) {
      brokenOff.increment();
    }
  }

  /**
   * Takes a sample of the last hour.
   *
   * @param waiting the number of downloads that wait, for any node; NaN if it is not known
   */
  void sample(double waiting) {
    hour.add(
        new RecentHour.Sample(
            clock.instant(),
            metrics.count("lading.creates", "outcome", ACCEPTED::contains),
            sentBytes(),
            metrics.count("lading.preparation", "state", state -> !READY.equals(state))
                + brokenOff.sum(),
            waiting));
  }

  /** Returns the bytes that were sent, which never get fewer while a transfer ends. */
  private double sentBytes() {
    long running = running().stream().mapToLong(Transfer::sent).sum();
    return bytes.accumulateAndGet(endedBytes.sum() + running, Math::max);
  }

  /** Returns the last hour. */
  List<RecentHour.Minute> minutes(Instant now) {
    return hour.minutes(now);
  }
}
