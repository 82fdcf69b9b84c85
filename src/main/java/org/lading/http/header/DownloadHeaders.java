package org.lading.http.header;

import jakarta.servlet.http.HttpServletResponse;
import org.lading.download.Download;

/** Sets the headers of every reply with an archive. */
public final class DownloadHeaders {
  private DownloadHeaders() {}

  /**
   * Sets the headers; {@code validators} identify the archive. A {@code Cache-Control} that is set
   * already stays.
   */
  public static void set(
      HttpServletResponse response, Download download, Preconditions validators) {
    response.setContentType("application/zip");
    response.setHeader("Content-Disposition", ContentDisposition.attachment(download.fileName()));
    response.setHeader("ETag", validators.etag());
    response.setDateHeader("Last-Modified", validators.modified().toEpochMilli());
    if (!response.containsHeader("Cache-Control")) {
      response.setHeader("Cache-Control", "private");
    }
  }
}
