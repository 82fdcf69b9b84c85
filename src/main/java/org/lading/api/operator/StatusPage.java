package org.lading.api.operator;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.lading.base.PrintableText;
import org.lading.download.Download;
import org.lading.download.Transfer;
import org.lading.health.PartReport;
import org.lading.health.PartReport.State;
import org.lading.health.RecentHour.Minute;
import org.lading.page.HtmlPage;
import org.lading.page.Texts;
import org.lading.page.Texts.Markup;

/** Renders the page with the state of each part, and what the node does and did. */
final class StatusPage {
  /** The script that updates the page. */
  private static final String SCRIPT = HtmlPage.resource(StatusPage.class, "operator.js");

  /** The refresh of browsers without scripts. */
  private static final String REFRESH =
      "<noscript><meta http-equiv=\"refresh\" content=\"10\"></noscript>";

  /** The maximum number of downloads in a list. */
  private static final int MAX_SHOWN = 20;

  /** What stands between details of one line. */
  static final String BETWEEN = " \u00b7 ";

  private final Texts texts;
  private final Activity activity;

  /**
   * A part as it is shown.
   *
   * @param fields the fields that answers to programs have
   */
  record Part(PartReport report, Map<String, Object> fields) {}

  private StatusPage(Texts texts, Activity activity) {
    this.texts = texts;
    this.activity = activity;
  }

  /** Renders the page of a node in the given state as a whole. */
  static HtmlPage of(
      Texts texts, String version, State state, List<Part> parts, Activity activity) {
    return new StatusPage(texts, activity).render(version, state, parts);
  }

  private HtmlPage render(String version, State state, List<Part> parts) {
    String sentence = sentence(state, parts);
    String main =
        "<main class=\"wide operator\"><h1>"
            + texts.html("operator", version)
            + "</h1><p id=\"state\" role=\"status\" data-state=\""
            + state.word()
            + "\">"
            + sentence
            + "</p><p id=\"found\" class=\"detail\">"
            + texts.html("operator.at", texts.timeInSeconds(activity.now()))
            + "</p>"
            + section("parts", parts(parts))
            + section("preparing", preparing())
            + section("sending", work(activity.sending(), this::sent))
            + section("hour", plots())
            + "</main>";
    return HtmlPage.of(texts, texts.text("operator.title", sentence), main)
        .withHead(REFRESH)
        .withScript(SCRIPT);
  }

  /** Returns how many parts do not answer, or that all do. */
  private String sentence(State state, List<Part> parts) {
    long missing =
        parts.stream().filter(part -> part.report().state() == State.UNAVAILABLE).count();
    long warnings =
        parts.stream().filter(part -> part.fields().containsKey(PartLine.WARNING)).count();
    return state == State.OK && warnings > 0
        ? texts.text("operator.warning", warnings)
        : texts.text("operator." + state.word(), missing);
  }

  private String parts(List<Part> parts) {
    List<Part> worstFirst =
        parts.stream().sorted(Comparator.comparing(StatusPage::severity)).toList();
    return "<ul class=\"parts\">"
        + list(worstFirst, part -> PartLine.of(texts, part.report(), part.fields()))
        + "</ul>";
  }

  private static int severity(Part part) {
    return switch (part.report().state()) {
      case UNAVAILABLE -> 0;
      case CHECKING -> 1;
      case OK -> part.fields().containsKey(PartLine.WARNING) ? 2 : 3;
    };
  }

  private String section(String name, String content) {
    return "<h2>%s</h2><div id=\"%s\">%s</div>"
        .formatted(texts.html("operator." + name), name, content);
  }

  private String preparing() {
    List<Download> preparing = activity.preparing();
    return preparing == null
        ? "<p>" + texts.html("operator.unknown") + "</p>"
        : work(preparing, this::prepared);
  }

  /** Renders what is done, the oldest first. */
  private <T> String work(List<T> all, Function<T, String> item) {
    if (all.isEmpty()) {
      return "<p class=\"detail\">" + texts.html("operator.nothing") + "</p>";
    }
    int more = all.size() - MAX_SHOWN;
    return "<ul class=\"work\">"
        + list(all.subList(0, Math.min(all.size(), MAX_SHOWN)), item)
        + "</ul>"
        + (more > 0 ? "<p class=\"detail\">" + texts.html("operator.more", more) + "</p>" : "");
  }

  private static <T> String list(List<T> all, Function<T, String> item) {
    StringBuilder out = new StringBuilder();
    all.forEach(one -> out.append(item.apply(one)));
    return out.toString();
  }

  private String prepared(Download download) {
    Download.Totals totals = download.totals();
    return item(
        download,
        download.preparation().client(),
        texts.html(
            "operator.found",
            new Markup(texts.html("entries", totals.entries())),
            new Markup(texts.size(totals.bytes()))),
        download.started(),
        "");
  }

  private String sent(Transfer transfer) {
    long sent = transfer.sent();
    long length = transfer.request().length();
    String amount =
        texts.html(
            "operator.sent",
            new Markup(texts.size(sent)),
            new Markup(texts.size(length)),
            new Markup(texts.size(perSecond(transfer, sent))));
    String bar =
        "<progress max=\"%d\" value=\"%d\" aria-label=\"%s\"></progress>"
            .formatted(
                Math.max(1, length),
                sent,
                HtmlPage.escape(texts.text("operator.progress", shortId(transfer.download()))));
    return item(
        transfer.download(),
        transfer.request().client() + BETWEEN + transfer.request().address(),
        amount,
        transfer.begun(),
        bar);
  }

  private long perSecond(Transfer transfer, long sent) {
    long millis = Duration.between(transfer.begun(), activity.now()).toMillis();
    return Math.round(sent * 1000.0 / Math.max(1000, millis));
  }

  private String item(
      Download download, String who, String amount, @Nullable Instant since, String bar) {
    List<String> details = new ArrayList<>();
    details.add("<code>" + HtmlPage.escape(shortId(download)) + "</code>");
    details.add(HtmlPage.isolated(download.root()));
    details.add(HtmlPage.isolated(who));
    if (since != null) {
      details.add(texts.html("operator.since", texts.timeInSeconds(since)));
    }
    return "<li><h3>"
        + HtmlPage.isolated(name(download))
        + "</h3><p>"
        + amount
        + "</p>"
        + bar
        + "<p class=\"detail\">"
        + String.join(BETWEEN, details)
        + "</p></li>";
  }

  /** Returns the name of the archive, in which the whole id may be. */
  private static String name(Download download) {
    return download.fileName().replace(download.id(), shortId(download) + "\u2026");
  }

  private static String shortId(Download download) {
    return PrintableText.ofId(download.id());
  }

  private String plots() {
    return "<div class=\"plots\">"
        + plot("creates", Minute::creates, this::number)
        + plot("bytes", Minute::bytesPerSecond, value -> texts.size(Math.round(value)))
        + plot("queue", Minute::waiting, this::number)
        + plot("failures", Minute::failures, this::number)
        + "</div>";
  }

  private String plot(String name, ToDoubleFunction<Minute> value, DoubleFunction<String> inWords) {
    List<Double> values =
        activity.minutes().stream().map(minute -> value.applyAsDouble(minute)).toList();
    Plot plot = new Plot(texts.text("operator." + name), values);
    String figures =
        Double.isNaN(plot.latest())
            ? texts.text("operator.unknown")
            : texts.text(
                "operator.figures", inWords.apply(plot.latest()), inWords.apply(plot.most()));
    return "<figure class=\"%s\"><figcaption>%s <span>%s</span></figcaption>%s<p class=\"axis\"><span>%s</span><span>%s</span></p></figure>"
        .formatted(
            name,
            texts.html("operator." + name),
            HtmlPage.escape(figures),
            new Plot(plot.label() + ": " + figures, values).svg(),
            texts.html("operator.hour_ago"),
            texts.html("operator.now"));
  }

  private String number(double value) {
    return texts.text("number", Math.round(value));
  }
}
