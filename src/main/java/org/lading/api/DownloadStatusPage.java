package org.lading.api;

import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.lading.base.HtmlPage;
import org.lading.download.Download;
import org.lading.download.Download.State;
import org.lading.error.Failure;

/** Renders the page with the status of a download, and the link to its archive. */
final class DownloadStatusPage {
  private static final DateTimeFormatter MINUTES =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final String[] UNITS = {"bytes", "KB", "MB", "GB", "TB", "PB", "EB"};

  /** The refresh of browsers without scripts; in others the script updates the page. */
  private static final String REFRESH_HEAD =
      "<noscript><meta http-equiv=\"refresh\" content=\"3\"></noscript>";

  /** The script that updates the page of a download that is being prepared. */
  private static final String SCRIPT = HtmlPage.resource(DownloadStatusPage.class, "status.js");

  private final Download download;
  private final boolean isSettled;
  private final StringBuilder facts = new StringBuilder();

  private DownloadStatusPage(Download download) {
    this.download = download;
    this.isSettled = download.state().isSettled();
  }

  /**
   * Renders the page.
   *
   * @param downloadUrl the URL of the archive
   * @param length the exact length of the archive in bytes
   */
  static String of(Download download, String downloadUrl, long length) {
    return new DownloadStatusPage(download).render(downloadUrl, length);
  }

  /** Builds the answer with a page of Lading, which may run the script of this one. */
  static Response answer(Response.ResponseBuilder response) {
    HtmlPage.headers(SCRIPT).forEach(response::header);
    return response.type(HtmlPage.CONTENT_TYPE).build();
  }

  /** Formats a number of bytes in units of powers of 1,000. */
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

  private String render(String downloadUrl, long length) {
    String name = download.fileName();
    String main =
        "<main data-settled=\""
            + isSettled
            + "\"><h1>"
            + isolated(name)
            + "</h1><p id=\"state\" role=\"status\">"
            + sentence()
            + "</p><div id=\"bar\">"
            + (isSettled ? "" : "<progress aria-label=\"Being prepared\"></progress>")
            + "</div><p id=\"found\">"
            + (isSettled ? "" : found())
            + "</p><div id=\"reason\">"
            + reason()
            + "</div><p id=\"action\">"
            + (download.state() == State.READY ? button(downloadUrl) : "")
            + "</p><dl id=\"facts\">"
            + facts(length)
            + "</dl></main>";
    String script = isSettled ? "" : "<script>" + SCRIPT + "</script>";
    return HtmlPage.render(
        title() + " \u2013 " + name, isSettled ? "" : REFRESH_HEAD, main + script);
  }

  private String title() {
    return switch (download.state()) {
      case PENDING -> "Waiting";
      case CREATING_MANIFEST -> "Being prepared";
      case READY -> "Ready";
      case MISSING_OR_INVALID_TARGETS, FAILED -> "Failed";
      case EXPIRED -> "Expired";
    };
  }

  private String sentence() {
    return switch (download.state()) {
      case PENDING ->
          download.failure() == null
              ? "This download waits to be prepared."
              : "This download waits for something that did not answer, and is tried again.";
      case CREATING_MANIFEST -> "This download is being prepared.";
      case READY -> "This download is ready.";
      case MISSING_OR_INVALID_TARGETS ->
          "This download cannot be prepared: something that it asks for is not to be had.";
      case FAILED -> "This download could not be prepared.";
      case EXPIRED -> "This download has expired.";
    };
  }

  private String found() {
    return "Found so far: %s, %s"
        .formatted(
            counted(download.totals().entries(), "entry", "entries"),
            size(download.totals().bytes()));
  }

  private String reason() {
    Failure failure = download.state() == State.EXPIRED ? null : download.failure();
    if (failure == null) {
      return "";
    }
    String place = failure.targetIndex() == null ? "" : " (target " + failure.targetIndex() + ")";
    return isolated(failure.sentence()) + place;
  }

  private String button(String url) {
    return "<a class=\"button\" href=\""
        + HtmlPage.escape(url)
        + "\">Download "
        + isolated(download.fileName())
        + "</a>";
  }

  private String facts(long length) {
    if (download.state() == State.READY) {
      fact("Files", String.format(Locale.ROOT, "%,d", download.totals().files()));
      fact("Size", size(length));
      long omitted = download.totals().omitted();
      if (omitted > 0) {
        fact(
            "Left out",
            counted(omitted, "item", "items") + ", listed in the archive with the reasons");
      }
    }
    time("Asked for", download.created());
    time("Begun", download.started());
    switch (download.state()) {
      case READY -> time("Ready since", download.settled());
      case MISSING_OR_INVALID_TARGETS, FAILED -> time("Failed", download.settled());
      case PENDING, CREATING_MANIFEST, EXPIRED -> {}
    }
    time(download.state() == State.EXPIRED ? "Expired" : "Kept until", download.expires());
    return facts.toString();
  }

  private void fact(String name, String value) {
    facts.append("<dt>").append(name).append("</dt><dd>").append(value).append("</dd>");
  }

  private void time(String name, @Nullable Instant time) {
    if (time != null) {
      fact(name, "<time datetime=\"" + time + "\">" + MINUTES.format(time) + "</time>");
    }
  }

  /** Escapes a text, and isolates its writing direction from that of the page. */
  private static String isolated(String text) {
    return "<bdi>" + HtmlPage.escape(text) + "</bdi>";
  }

  private static String counted(long count, String one, String many) {
    return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? one : many);
  }
}
