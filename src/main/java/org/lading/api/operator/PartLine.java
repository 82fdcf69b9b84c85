package org.lading.api.operator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lading.health.PartReport;
import org.lading.page.HtmlPage;
import org.lading.page.Texts;
import org.lading.page.Texts.Markup;

/**
 * Renders one part of the application as an item of a list: whether it answers, why not, and what
 * else is known of it.
 */
final class PartLine {
  private static final String ROOT = "root ";
  private static final String PART = "operator.part.";

  /** Whether a part answers, for those who see it. */
  private static final Map<PartReport.State, String> MARKS =
      Map.of(
          PartReport.State.OK, "\u2713",
          PartReport.State.UNAVAILABLE, "\u2717",
          PartReport.State.CHECKING, "\u2026");

  /** The field of a part that works, and is probably not as it is meant. */
  static final String WARNING = "warning";

  private final Texts texts;
  private final PartReport report;
  private final List<String> details = new ArrayList<>();

  private PartLine(Texts texts, PartReport report) {
    this.texts = texts;
    this.report = report;
  }

  /**
   * Renders the item.
   *
   * @param fields the fields of the part as answers to programs have them
   */
  static String of(Texts texts, PartReport report, Map<String, Object> fields) {
    return new PartLine(texts, report).render(fields);
  }

  private String render(Map<String, Object> fields) {
    Object warning = fields.get(WARNING);
    boolean isWarned = warning != null && report.state() == PartReport.State.OK;
    String state = isWarned ? WARNING : report.state().word();
    fields.forEach(this::detail);
    lastError();
    if (report.checking() != null) {
      details.add(texts.html("operator.checking_since", texts.timeInSeconds(report.checking())));
    } else if (report.checked() != null) {
      details.add(texts.html("operator.checked_at", texts.timeInSeconds(report.checked())));
    }
    String error = report.error();
    return "<li data-state=\"%s\"><span class=\"mark\" aria-hidden=\"true\">%s</span><h3>%s</h3><div><p>%s</p>%s<p class=\"detail\">%s</p></div></li>"
        .formatted(
            state,
            isWarned ? "!" : MARKS.get(report.state()),
            name(),
            texts.html("operator.state." + state),
            reason(error) + reason(warning),
            String.join(StatusPage.BETWEEN, details));
  }

  private static String reason(@Nullable Object sentence) {
    return sentence == null ? "" : "<p class=\"reason\">" + english(sentence.toString()) + "</p>";
  }

  private String name() {
    String part = report.name();
    return part.startsWith(ROOT)
        ? texts.html("operator.part.root", part.substring(ROOT.length()))
        : texts.keys().contains(PART + part) ? texts.html(PART + part) : HtmlPage.escape(part);
  }

  private void detail(String name, Object value) {
    switch (name) {
      case "free_bytes" -> add(name, new Markup(texts.size((Long) value)));
      case "incomplete_downloads" -> add(name, (Number) value);
      case "file" -> details.add("<code>" + HtmlPage.escape(value.toString()) + "</code>");
      case "quick", "long" -> {
        Map<?, ?> lane = (Map<?, ?>) value;
        add(name, number(lane.get("running")), number(lane.get("waiting")));
      }
      case "waiting" -> waiting(value);
      case "oldest" -> add(name, texts.timeInSeconds(Instant.parse(value.toString())));
      default -> {}
    }
  }

  /** Adds the messages that wait, or the steps that wait for a root. */
  private void waiting(Object value) {
    if (value instanceof Number messages) {
      add("messages", messages);
    } else if (value instanceof List<?> steps) {
      for (Object step : steps) {
        Map<?, ?> fields = (Map<?, ?>) step;
        add(
            "step",
            String.valueOf(fields.get("step")),
            number(fields.get("threads")),
            texts.timeInSeconds(Instant.parse(String.valueOf(fields.get("since")))));
      }
    }
  }

  private void lastError() {
    PartReport.LastError last = report.lastError();
    if (last != null && !last.sentence().equals(report.error())) {
      details.add(
          texts.html(
              "operator.last_error",
              texts.timeInSeconds(last.time()),
              new Markup(english(last.sentence()))));
    }
  }

  private void add(String key, Object... arguments) {
    details.add(texts.html("operator.detail." + key, arguments));
  }

  private static Number number(@Nullable Object value) {
    return value instanceof Number number ? number : 0;
  }

  /** Renders a sentence of the log, which is in English on every page. */
  private static String english(String sentence) {
    return "<span lang=\"en\">" + HtmlPage.escape(sentence) + "</span>";
  }
}
