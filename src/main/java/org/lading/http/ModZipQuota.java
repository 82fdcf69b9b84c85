package org.lading.http;

import jakarta.servlet.http.HttpServletRequest;
import org.lading.download.Download;
import org.lading.http.header.ByteRanges;
import org.lading.http.header.ClientAddress;
import org.lading.http.header.Preconditions;
import org.lading.limit.Caller;
import org.lading.limit.Limits;

/**
 * Counts the bytes that mod_zip will send when its manifest is served: nobody tells what came of
 * that.
 *
 * @param addresses finds the addresses of clients
 * @param observer is told what was counted
 */
public record ModZipQuota(ClientAddress addresses, Limits limits, Observer observer) {
  /** Receives what mod_zip is told to send. */
  @FunctionalInterface
  public interface Observer {
    /** Receives a download, and the number of bytes of its archive that are asked for. */
    void handedOver(Download download, long bytes);
  }

  /**
   * Counts the archive, or the ranges of it that a request asks for.
   *
   * @throws org.lading.error.LadingException {@code QUOTA_EXCEEDED} if nothing is left
   */
  void take(
      Download download,
      ArchiveReply.Asker asker,
      Preconditions validators,
      HttpServletRequest request) {
    long length = download.totals().modZipLength();
    ByteRanges asked = ByteRanges.parse(validators.range(request), length);
    long bytes =
        asked == null ? length : asked.ranges().stream().mapToLong(ByteRanges.Range::length).sum();
    var unused = limits.takeBytes(new Caller(asker.client(), addresses.of(request)), bytes);
    observer.handedOver(download, bytes);
  }
}
