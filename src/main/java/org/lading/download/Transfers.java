package org.lading.download;

import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The replies with bytes of downloads that this node is sending. Those that nginx makes, or other
 * nodes send, it does not know.
 */
public final class Transfers {
  private final BiConsumer<Download, Throwable> failures;
  private final Clock clock;
  private final List<Observer> observers = new CopyOnWriteArrayList<>();

  /**
   * The transfers of each download that are running; a list is replaced when one begins or ends.
   */
  private final Map<String, List<Transfer>> running = new ConcurrentHashMap<>();

  /** Is told of transfers, on the thread that begins or ends one: it must not wait. */
  public interface Observer {
    /** Takes a transfer that begins; no byte is sent yet. */
    default void begun(Transfer transfer) {}

    /** Takes a transfer whose first bytes were just handed to the container. */
    default void firstSent(Transfer transfer) {}

    /** Takes a number of bytes that were just handed to the container, which is called often. */
    default void sent(Transfer transfer, int bytes) {}

    /** Takes a transfer that has ended; called once for each that has begun. */
    default void ended(Transfer transfer) {}
  }

  /**
   * What this node is sending of a download.
   *
   * @param running the number of transfers that are running, at least 1
   * @param bytes the number of bytes that these have sent
   */
  public record Progress(int running, long bytes) {}

  /**
   * Makes a set of no transfers.
   *
   * @param failures takes what fails while a download is read
   */
  public Transfers(BiConsumer<Download, Throwable> failures, Clock clock) {
    this.failures = failures;
    this.clock = clock;
  }

  /** Adds an observer of all transfers that begin from now on. */
  public void add(Observer observer) {
    observers.add(observer);
  }

  /** Begins a transfer, which is to be closed. */
  public Transfer begin(Download download, TransferRequest request) {
    Transfer transfer = new Transfer(this, download, request, clock.instant());
    running.merge(
        download.id(),
        List.of(transfer),
        (others, one) -> Stream.concat(others.stream(), one.stream()).toList());
    observers.forEach(observer -> observer.begun(transfer));
    return transfer;
  }

  /**
   * Returns what this node is sending of the archive of a download, or null if it is sending
   * nothing.
   */
  public @Nullable Progress of(String id) {
    List<Transfer> archives =
        running.getOrDefault(id, List.of()).stream().filter(Transfer::isOfArchive).toList();
    return archives.isEmpty()
        ? null
        : new Progress(archives.size(), archives.stream().mapToLong(Transfer::sent).sum());
  }

  /** Returns the transfers that are running, the oldest first. */
  public List<Transfer> running() {
    return running.values().stream()
        .flatMap(List::stream)
        .sorted(Comparator.comparing(Transfer::begun))
        .toList();
  }

  void firstSent(Transfer transfer) {
    observers.forEach(observer -> observer.firstSent(transfer));
  }

  void sent(Transfer transfer, int bytes) {
    observers.forEach(observer -> observer.sent(transfer, bytes));
  }

  void failed(Transfer transfer, Throwable failure) {
    failures.accept(transfer.download(), failure);
  }

  void ended(Transfer transfer) {
    running.computeIfPresent(
        transfer.download().id(),
        (id, all) -> {
          List<Transfer> others = all.stream().filter(one -> one != transfer).toList();
          return others.isEmpty() ? null : others;
        });
    observers.forEach(observer -> observer.ended(transfer));
  }
}
