package org.lading.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.lading.download.Download;
import org.lading.download.DownloadStore;
import org.lading.download.Leases;
import org.lading.http.header.DownloadHeaders;
import org.lading.http.header.Preconditions;
import org.lading.modzip.EntryBuffers;
import org.lading.modzip.ManifestWriter;
import org.lading.root.Roots;

/** Replies with the manifest of a download, for mod_zip or as text. */
public final class ManifestReply {
  private static final byte[] BROKEN_LINE =
      "! this manifest is not complete\r\n".getBytes(StandardCharsets.US_ASCII);

  private static final String ASSEMBLER_HEADER = "X-Archive-Assembler";

  /** The assembler that frees its buffers while it makes an archive. */
  private static final String FREEING_ASSEMBLER = "mod_zip/1.4";

  private final DownloadStore store;
  private final Leases leases;
  private final Roots roots;

  /** Makes replies for the downloads of a store, whose entries lie in the given roots. */
  public ManifestReply(DownloadStore store, Leases leases, Roots roots) {
    this.store = store;
    this.leases = leases;
    this.roots = roots;
  }

  /** Protects a download from removal for as long as nginx may read the files of its manifest. */
  void hold(Download download) {
    leases.holdForManifest(download);
  }

  /**
   * Sends the manifest from which mod_zip makes the archive. The reply to HEAD has the archive's
   * length, and not the header that starts mod_zip, which would break the connection without a body
   * to read. {@code Range} is ignored, since mod_zip evaluates it.
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

  /** Sends the manifest as text, which no cache may keep, since it has presigned URLs. */
  void sendText(
      Download download, boolean head, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setContentType("text/plain;charset=UTF-8");
    response.setHeader("Cache-Control", "private, no-store");
    response.setHeader("X-Content-Type-Options", "nosniff");
    if (head) {
      // Otherwise the container would set the length of an empty body.
      response.flushBuffer();
      return;
    }
    write(download, request, response);
  }

  private void write(Download download, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    ManifestWriter writer =
        new ManifestWriter(
            roots,
            ManifestWriter.encodingOf(request.getHeader(ManifestWriter.ENCODING_HEADER)),
            FREEING_ASSEMBLER.equals(request.getHeader(ASSEMBLER_HEADER))
                ? EntryBuffers.freed()
                : EntryBuffers.ofArchive(download.totals().bytes()));
    try {
      writer.write(store.entries(download, 0), response.getOutputStream());
    } catch (RuntimeException e) {
      if (response.isCommitted()) {
        appendBrokenLine(response, e);
      }
      throw e;
    }
  }

  /**
   * Appends a line that mod_zip refuses. Where the end of the connection ends a reply, as in
   * HTTP/1.0, a manifest that breaks off would otherwise look complete.
   */
  private static void appendBrokenLine(HttpServletResponse response, RuntimeException failure) {
    try {
      response.getOutputStream().write(BROKEN_LINE);
      response.flushBuffer();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }
}
