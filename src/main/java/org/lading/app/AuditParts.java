package org.lading.app;

import java.io.IOException;
import java.time.Clock;
import org.lading.audit.AuditEvents;
import org.lading.audit.AuditLog;
import org.lading.config.Configuration;
import org.lading.download.Download;
import org.lading.download.DownloadStore;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.http.RequestCounter;
import org.lading.http.header.ClientAddress;
import org.lading.metrics.Metrics;

/**
 * What tells of requests and downloads: the audit log, and the counters of both.
 *
 * @param log writes lines
 * @param events makes them
 * @param addresses finds the addresses of clients
 */
record AuditParts(AuditLog log, AuditEvents events, ClientAddress addresses, Metrics metrics)
    implements AutoCloseable {
  /**
   * Opens the log.
   *
   * @throws StartException if the file of the settings cannot be written
   */
  static AuditParts open(
      Configuration configuration, DownloadStore store, Metrics metrics, Clock clock) {
    try {
      AuditLog log = AuditLog.open(configuration.audit(), clock);
      metrics.counter(
          "lading.audit.lost", "Lines of the audit log that could not be written", log::lost);
      return new AuditParts(
          log,
          new AuditEvents(log, store, clock),
          new ClientAddress(configuration.routes().trustedProxies()),
          metrics);
    } catch (IOException e) {
      throw new StartException(
          "audit",
          "audit.file: %s cannot be written by user %s"
              .formatted(configuration.audit().file(), System.getProperty("user.name")),
          new LadingException(ErrorCode.STORAGE_UNAVAILABLE, e.toString(), e));
    }
  }

  /** Makes the filter that takes each request first. */
  RequestCounter requests() {
    return new RequestCounter(
        (page, status, notes) -> {
          metrics.requested(page, status);
          events.answered(page, status, notes);
        },
        addresses);
  }

  /** Takes a download that became ready, or failed for good. */
  void settled(Download download) {
    LaneReport.countSettled(metrics, download);
    events.settled(download);
  }

  @Override
  public void close() {
    log.close();
  }
}
