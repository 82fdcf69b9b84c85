package org.lading.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.lading.base.PrintableText;
import org.lading.base.RequestNotes;
import org.lading.download.Download;

/**
 * Tells nginx, which makes an archive of a manifest, what its audit log says of the archive: in
 * headers that its configuration does not pass on, and only if that configuration asks for them.
 */
final class AuditHeaders {
  /** The request header by which the configuration of nginx asks for them. */
  private static final String ASKED = "X-Archive-Audit";

  private static final String PREFIX = "X-Lading-";
  private static final int MAX_CHARS = 256;

  private AuditHeaders() {}

  /** Sets the headers of a reply with a manifest. */
  static void set(
      Download download,
      ArchiveReply.Asker asker,
      HttpServletRequest request,
      HttpServletResponse response) {
    if (!"on".equals(request.getHeader(ASKED))) {
      return;
    }
    RequestNotes notes = RequestNotes.of(request.getAttribute(RequestNotes.ATTRIBUTE));
    long length = download.totals().modZipLength();
    response.setHeader(PREFIX + "Download", PrintableText.ofId(download.id()));
    set(response, "Client", asker.client());
    set(response, "Subject", download.preparation().subject());
    set(response, "Roots", String.join(",", new TreeSet<>(download.totals().roots())));
    set(response, "Address", notes.address());
    set(response, "Page", asker.page().name().toLowerCase(Locale.ROOT));
    set(response, "Length", Long.toString(length));
    set(response, "Last", Long.toString(length - 1));
  }

  /**
   * Sets a header to a text in UTF-8. Containers write the characters of a header as bytes, as many
   * as there are, so each byte is one; nginx writes them into its log as they are.
   */
  private static void set(HttpServletResponse response, String name, @Nullable String text) {
    if (text != null && !text.isEmpty()) {
      String cut = text.substring(0, Math.min(text.length(), MAX_CHARS));
      String bytes = new String(cut.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
      response.setHeader(PREFIX + name, bytes);
    }
  }
}
