package org.lading.api;

import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.lading.download.Download;
import org.lading.download.Download.State;
import org.lading.download.Transfers;
import org.lading.error.Failure;
import org.lading.error.FaultSentence;
import org.lading.manifest.AssemblyPrediction;
import org.lading.manifest.SourceChanges;
import org.lading.page.HtmlPage;
import org.lading.page.Texts;
import org.lading.page.Texts.Markup;

/** Renders the page with the status of a download, and the link to its archive. */
public final class DownloadStatusPage {
  /** The script that updates the page of a download that is being prepared. */
  private static final String SCRIPT = HtmlPage.resource(DownloadStatusPage.class, "status.js");

  private static final int MILLIS_PER_SECOND = 1000;
  private static final int SECONDS_PER_MINUTE = 60;

  private final AnswerWriter answers;
  private final Texts texts;
  private final ClientRoute route;
  private final Download download;
  private final StringBuilder facts = new StringBuilder();

  private DownloadStatusPage(
      AnswerWriter answers, Texts texts, ClientRoute route, Download download) {
    this.answers = answers;
    this.texts = texts;
    this.route = route;
    this.download = download;
  }

  /**
   * Renders the page.
   *
   * @param leadsTo the address to which the page leads by itself when the download is ready, which
   *     answers with the archive, or null to leave that to the reader. It is empty where the page
   *     is shown at that very address while the archive is being prepared
   */
  public static HtmlPage of(
      AnswerWriter answers,
      Texts texts,
      ClientRoute route,
      Download download,
      @Nullable String leadsTo) {
    return new DownloadStatusPage(answers, texts, route, download).render(leadsTo);
  }

  private HtmlPage render(@Nullable String leadsTo) {
    boolean isSettled = download.state().isSettled();
    Transfers.Progress delivery = isReady() ? answers.delivery(download) : null;
    boolean isLive = !isSettled || delivery != null;
    String name = download.fileName();
    String main =
        "<main data-state=\"%s\" data-live=\"%s\"%s>"
                .formatted(download.word(), isLive, to(leadsTo))
            + "<h1>"
            + HtmlPage.isolated(name)
            + "</h1><p id=\"state\" role=\"status\">"
            + texts.html(sentence())
            + "</p><div id=\"bar\">"
            + (isSettled ? "" : "<progress aria-labelledby=\"state\"></progress>")
            + "</div><p id=\"found\">"
            + (isSettled ? delivered(delivery) : found())
            + "</p><div id=\"reason\">"
            + reason()
            + "</div><div id=\"action\">"
            + action(leadsTo)
            + "</div><dl id=\"facts\">"
            + facts()
            + "</dl></main>";
    HtmlPage page = HtmlPage.of(texts, texts.text("status.title", texts.text(word()), name), main);
    if (leadsTo != null && isReady()) {
      page = page.withHead(refresh("0; url=" + HtmlPage.escape(leadsTo)));
    } else if (isLive) {
      page = page.withHead(refresh("3"));
    }
    // The form may come later, when the script takes over what has changed.
    page = download.repetition().isAllowed() ? page.withForms() : page;
    return isLive || isReady() ? page.withScript(SCRIPT) : page;
  }

  /** Returns the refresh of browsers without scripts; in others the script updates the page. */
  private static String refresh(String content) {
    return "<noscript><meta http-equiv=\"refresh\" content=\"" + content + "\"></noscript>";
  }

  /** Renders where the page leads. */
  private static String to(@Nullable String leadsTo) {
    return leadsTo == null ? "" : " data-leads-to=\"%s\"".formatted(HtmlPage.escape(leadsTo));
  }

  private static String path(String url) {
    return URI.create(url).getRawPath();
  }

  /** Returns the key of the state as the title has it. */
  private String word() {
    boolean isRefused = download.state() == State.MISSING_OR_INVALID_TARGETS;
    return "status." + (isRefused ? State.FAILED.word() : download.word());
  }

  private String sentence() {
    boolean isRetried = download.state() == State.PENDING && download.failure() != null;
    return "status." + (isRetried ? "retrying" : download.word()) + ".sentence";
  }

  private String found() {
    return texts.html(
        "status.found",
        new Markup(texts.html("entries", download.totals().entries())),
        new Markup(texts.size(download.totals().bytes())));
  }

  private String delivered(Transfers.@Nullable Progress delivery) {
    return delivery == null
        ? ""
        : texts.html(
            "status.delivered",
            delivery.running(),
            new Markup(texts.size(delivery.bytes())),
            new Markup(texts.size(answers.archiveLength(route, download))));
  }

  private String reason() {
    if (download.state() == State.EXPIRED) {
      return paragraph("status.advice");
    }
    SourceChanges changes = download.changes();
    if (download.isChanged() && changes != null) {
      return changed(changes) + advice();
    }
    Failure failure = download.failure();
    if (failure == null) {
      return "";
    }
    return "<div class=\"fault\">"
        + FaultSentence.paragraphs(texts, failure)
        + "</div>"
        + (download.state().isSettled() ? advice() : "");
  }

  private String changed(SourceChanges changes) {
    StringBuilder list = new StringBuilder("<ul class=\"fault\">");
    for (String name : changes.names()) {
      list.append("<li>").append(HtmlPage.isolated(name)).append("</li>");
    }
    long more = changes.count() - changes.names().size();
    return paragraph("status.changed.files", changes.count())
        + list
        + "</ul>"
        + (more > 0 ? paragraph("status.changed.more", more) : "");
  }

  /** Renders what to do about a download that nobody gets. */
  private String advice() {
    return mayBeRepeated() ? "" : paragraph("status.advice");
  }

  private boolean mayBeRepeated() {
    return AnswerWriter.isRepeatable(download) && !isReady();
  }

  private boolean isReady() {
    return download.state() == State.READY && !download.isChanged();
  }

  private String paragraph(String key, Object... arguments) {
    return "<p>" + texts.html(key, arguments) + "</p>";
  }

  private String action(@Nullable String leadsTo) {
    if (mayBeRepeated()) {
      return "<form method=\"post\" action=\"%s\"><button class=\"button\">%s</button></form>"
          .formatted(
              HtmlPage.escape(path(answers.againUrl(route, download))), texts.html("status.again"));
    }
    if (!isReady()) {
      return "";
    }
    String url = leadsTo == null ? answers.downloadUrl(route, download) : leadsTo;
    return "<a class=\"button\" href=\""
        + HtmlPage.escape(url)
        + "\">"
        + texts.html("status.download", download.fileName())
        + "</a>";
  }

  private String facts() {
    if (download.state() == State.READY) {
      archiveFacts();
    }
    time("status.created", download.created());
    time("status.started", download.started());
    Instant nextTry = AnswerWriter.nextTry(download);
    if (nextTry != null) {
      fact("status.next_try", texts.timeInSeconds(nextTry).html());
    }
    switch (download.state()) {
      case READY -> time("status.settled.ready", download.settled());
      case MISSING_OR_INVALID_TARGETS, FAILED -> time("status.settled.failed", download.settled());
      case PENDING, CREATING_MANIFEST, EXPIRED -> {}
    }
    boolean isExpired = download.state() == State.EXPIRED;
    time(isExpired ? "status.expires.expired" : "status.expires", download.expires());
    return facts.toString();
  }

  private void archiveFacts() {
    fact("status.files", texts.html("number", download.totals().files()));
    fact("status.size", texts.size(answers.archiveLength(route, download)));
    if (!download.isChanged()) {
      assemblerFacts();
    }
    long omitted = download.totals().omitted();
    if (omitted > 0) {
      fact(
          "status.omitted",
          texts.html("status.omitted.items", new Markup(texts.html("items", omitted))));
    }
  }

  /** Renders who makes the archive and why, and how fast. */
  private void assemblerFacts() {
    AssemblerSettings.Choice choice = answers.choice(route, download);
    fact(
        "status.assembler",
        texts.html(
            "status.assembler." + choice.name(),
            new Markup(HtmlPage.escape(choice.reason(texts)))));
    AssemblyPrediction prediction = download.totals().prediction();
    long millis = choice.isModZip() ? prediction.modZipMillis() : prediction.embeddedMillis();
    fact("status.takes", texts.html("status.takes.fast", new Markup(duration(millis))));
  }

  private String duration(long millis) {
    long seconds = Math.round((double) millis / MILLIS_PER_SECOND);
    return seconds < 2 * SECONDS_PER_MINUTE
        ? texts.html("status.takes.seconds", seconds)
        : texts.html("status.takes.minutes", Math.round((double) seconds / SECONDS_PER_MINUTE));
  }

  private void fact(String key, String value) {
    facts.append("<dt>").append(texts.html(key)).append("</dt><dd>").append(value).append("</dd>");
  }

  private void time(String key, @Nullable Instant time) {
    if (time != null) {
      fact(key, texts.time(time).html());
    }
  }
}
