package org.lading.app;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import org.lading.download.Download;
import org.lading.download.Transfer;
import org.lading.download.Transfer.Ending;
import org.lading.download.TransferRequest.Page;
import org.lading.download.Transfers;
import org.lading.metrics.Metrics;

/** Counts and times what this node sends of downloads, and what it has nginx send. */
final class TransferMetrics implements Transfers.Observer {
  private final Metrics metrics;

  /** The counters of bytes of archives, and of single entries, by the roots of downloads. */
  private final Map<String, LongConsumer> archives = new ConcurrentHashMap<>();

  private final Map<String, LongConsumer> entries = new ConcurrentHashMap<>();

  /** Makes an observer, and registers the counters of all endings at 0. */
  TransferMetrics(Metrics metrics) {
    this.metrics = metrics;
    for (Page page : Page.values()) {
      for (Ending ending : Ending.values()) {
        metrics.transferEnds(word(page), word(ending));
      }
    }
  }

  /** Registers the gauge of what is being sent. */
  void register(Sending sending) {
    metrics.gauge(
        "lading.archives.active",
        "Archives that are being sent by this node",
        () -> sending.archives().size());
  }

  @Override
  public void firstSent(Transfer transfer) {
    if (transfer.isOfArchive()) {
      metrics.sentFirstByte(Duration.ofNanos(transfer.firstNanos()));
    }
  }

  @Override
  public void sent(Transfer transfer, int bytes) {
    boolean isOfArchive = transfer.isOfArchive();
    (isOfArchive ? archives : entries)
        .computeIfAbsent(
            transfer.download().root(),
            root -> metrics.streamed(root, isOfArchive ? "archive" : "entry"))
        .accept(bytes);
  }

  @Override
  public void ended(Transfer transfer) {
    Transfer.End end = transfer.end();
    if (end != null) {
      metrics.transferEnds(word(transfer.request().page()), word(end.ending())).run();
      if (transfer.isOfArchive()) {
        metrics.delivered(Duration.ofNanos(end.nanos()));
      }
    }
  }

  /** Counts a download of whose archive mod_zip is told to send a number of bytes. */
  void handedOver(Download download, long bytes) {
    metrics.handedOver(download.root(), bytes);
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
