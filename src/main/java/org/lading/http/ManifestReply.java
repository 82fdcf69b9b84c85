package org.lading.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.lading.download.Download;
import org.lading.download.DownloadService;
import org.lading.http.header.DownloadHeaders;
import org.lading.http.header.Preconditions;
import org.lading.modzip.ManifestWriter;
import org.lading.root.Roots;

/** Replies with the manifest of a download: for mod_zip, or to be read. */
public final class ManifestReply {
  private static final byte[] BROKEN_LINE =
      "! this manifest is not complete\r\n".getBytes(StandardCharsets.US_ASCII);

  private final DownloadService downloads;
  private final Roots roots;

  /** Replies for the given downloads, whose entries lie in the given roots. */
  public ManifestReply(DownloadService downloads, Roots roots) {
    this.downloads = downloads;
    this.roots = roots;
  }

  /**
   * The manifest that mod_zip turns into the archive. HEAD has the archive's own length and not the
   * header that starts mod_zip, which breaks the connection when it has no body to read. Range is
   * mod_zip's business, so it is ignored here.
   */
  void sendArchive(
      Download download, boolean head, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    DownloadHeaders.set(
        response,
        download,
        new Preconditions('"' + download.totals().fingerprint() + '"', download.created()));
    if (head) {
      response.setContentLengthLong(download.totals().modZipLength());
      return;
    }
    response.setHeader(ManifestWriter.HEADER, ManifestWriter.HEADER_VALUE);
    write(download, request, response);
  }

  /** The manifest as text. It holds presigned URLs, so nobody on the way may keep it. */
  void sendText(
      Download download, boolean head, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setContentType("text/plain;charset=UTF-8");
    response.setHeader("Cache-Control", "private, no-store");
    response.setHeader("X-Content-Type-Options", "nosniff");
    if (head) {
      // Sent before the container takes the missing body for an empty one.
      response.flushBuffer();
      return;
    }
    write(download, request, response);
  }

  private void write(Download download, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    ManifestWriter writer =
        new ManifestWriter(
            roots, ManifestWriter.encodingOf(request.getHeader(ManifestWriter.ENCODING_HEADER)));
    try {
      writer.write(downloads.entries(download), response.getOutputStream());
    } catch (RuntimeException e) {
      if (response.isCommitted()) {
        spoil(response, e);
      }
      throw e;
    }
  }

  /**
   * Where only the end of the connection ends a reply, as for HTTP/1.0, a broken connection looks
   * like the end; a manifest with this line is one that mod_zip refuses.
   */
  private static void spoil(HttpServletResponse response, RuntimeException failure) {
    try {
      response.getOutputStream().write(BROKEN_LINE);
      response.flushBuffer();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }
}
