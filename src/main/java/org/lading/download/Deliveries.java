package org.lading.download;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Counts the bytes of archives that this node is sending. Those that nginx makes, or other nodes
 * send, it does not know.
 */
public final class Deliveries {
  private final BiConsumer<Download, Throwable> failures;
  private final Map<String, Running> running = new ConcurrentHashMap<>();

  /** The deliveries of one download that are running; replaced when their number changes. */
  private record Running(int count, LongAdder bytes) {}

  /**
   * What this node is sending of a download.
   *
   * @param running the number of deliveries that are running, at least 1
   * @param bytes the number of bytes that these have sent
   */
  public record Progress(int running, long bytes) {}

  /**
   * Makes counts that begin at 0.
   *
   * @param failures takes what fails while a download is read
   */
  public Deliveries(BiConsumer<Download, Throwable> failures) {
    this.failures = failures;
  }

  /** Begins to count a delivery of a download; to be closed once. */
  public Delivery begin(Download download) {
    Running now =
        running.merge(
            download.id(),
            new Running(1, new LongAdder()),
            (earlier, one) -> new Running(earlier.count + 1, earlier.bytes));
    return new Delivery(download, now.bytes);
  }

  /** Returns a delivery whose bytes are not counted, since nginx makes the archive of them. */
  public Delivery beginUncounted(Download download) {
    return new Delivery(download, null);
  }

  /** Returns what this node is sending of a download, or null if it is sending nothing. */
  public @Nullable Progress of(String id) {
    Running now = running.get(id);
    return now == null ? null : new Progress(now.count, now.bytes.sum());
  }

  /** One reply with bytes of a download, whose methods one thread at a time calls. */
  public final class Delivery implements AutoCloseable {
    private final Download download;
    private final @Nullable LongAdder counter;
    private long sent;

    private Delivery(Download download, @Nullable LongAdder counter) {
      this.download = download;
      this.counter = counter;
    }

    /** Counts bytes that are about to be sent. */
    public void sent(int bytes) {
      if (counter != null && bytes > 0) {
        counter.add(bytes);
        sent += bytes;
      }
    }

    /** Takes what failed while the download was read. */
    public void failed(Throwable failure) {
      failures.accept(download, failure);
    }

    /** Ends the delivery, whose bytes are no longer part of the count. */
    @Override
    public void close() {
      if (counter != null) {
        counter.add(-sent);
        running.computeIfPresent(
            download.id(),
            (id, now) -> now.count == 1 ? null : new Running(now.count - 1, now.bytes));
      }
    }
  }
}
