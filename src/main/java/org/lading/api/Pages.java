package org.lading.api;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.lading.download.Download;

/** The HTML of the pages that people see. */
final class Pages {
  private static final DateTimeFormatter MINUTES =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final String[] UNITS = {"bytes", "KB", "MB", "GB", "TB", "PB", "EB"};

  private Pages() {}

  /** The state of a download, with a link to it once it is ready. */
  static String status(Download download, String downloadUrl, long length) {
    String name = escape(download.fileName());
    boolean ready = download.state() == Download.State.READY;
    String action =
        ready
            ? "<p><a href=\"" + escape(downloadUrl) + "\">Download " + name + "</a></p>"
            : "<p>This download is still being prepared.</p>";
    String facts =
        ready
            ? "<dt>Files</dt><dd>%d</dd><dt>Size</dt><dd>%s</dd>"
                .formatted(download.totals().files(), size(length))
            : "";
    return page(
        name,
        "<h1>"
            + name
            + "</h1>"
            + action
            + "<dl>"
            + facts
            + "<dt>Available until</dt><dd>"
            + MINUTES.format(download.expires())
            + "</dd></dl>");
  }

  /** What the application offers. */
  static String help() {
    return page(
        "Lading",
        """
        <h1>Lading</h1>
        <p>Files and directories, in one zip download.</p>
        <dl>
        <dt><code>POST create</code></dt>
        <dd>asks for a download, in JSON; the answer has its addresses</dd>
        <dt><code>GET {root}/{id}/download</code></dt><dd>the zip archive</dd>
        <dt><code>GET {root}/{id}/get</code></dt><dd>the zip archive, where nginx makes it</dd>
        <dt><code>GET {root}/{id}/manifest</code></dt><dd>what goes in, as mod_zip reads it</dd>
        <dt><code>GET {root}/{id}/status</code></dt><dd>how the download is doing</dd>
        <dt><code>GET status</code></dt><dd>how the application is doing</dd>
        </dl>
        """);
  }

  /** Headers that let a page do nothing but show itself. */
  static Response withHeaders(Response.ResponseBuilder response) {
    return response
        .type("text/html;charset=UTF-8")
        .header(HttpHeaders.CACHE_CONTROL, "private, no-store")
        .header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
        .header("X-Content-Type-Options", "nosniff")
        .header("Referrer-Policy", "no-referrer")
        .build();
  }

  /** A number of bytes in units of 1,000, as people read them. */
  static String size(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 999.5 && unit < UNITS.length - 1) {
      value /= 1000;
      unit++;
    }
    String format = unit == 0 || value >= 99.5 ? "%.0f %s" : "%.1f %s";
    return String.format(Locale.ROOT, format, value, UNITS[unit]);
  }

  /** Text for an element or a quoted attribute. */
  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  private static String page(String title, String body) {
    return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
        + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
        + "<meta name=\"color-scheme\" content=\"light dark\"><title>"
        + title
        + "</title></head><body><main>"
        + body
        + "</main></body></html>\n";
  }
}
