package org.lading.error;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lading.page.HtmlPage;
import org.lading.page.Texts;

/**
 * Renders the page of a failure for people: what happened, to which file, what to do next, and the
 * sentence of the failure, which is in English for all readers.
 */
final class ErrorPage {
  /** The failures of which the status of the download tells more. */
  private static final Set<ErrorCode> OF_STATUS =
      Set.of(ErrorCode.CHANGED, ErrorCode.UNREADABLE, ErrorCode.FAILED, ErrorCode.NOT_READY);

  private ErrorPage() {}

  /**
   * What a page has besides the failure.
   *
   * @param file the name of the file at fault, or null
   * @param statusLink where the status of the download is, or null
   * @param pause when the request may come again, or null if that is not known
   */
  record Details(@Nullable String file, @Nullable String statusLink, @Nullable Pause pause) {}

  /** Renders the page. */
  static HtmlPage of(Texts texts, Failure failure, Details details) {
    String key = "error." + failure.code().code();
    String title = texts.text(key + ".title");
    String main =
        "<main><h1>"
            + HtmlPage.escape(title)
            + "</h1><p id=\"state\">"
            + texts.html(key + ".sentence")
            + "</p>"
            + place(texts, failure, details.file())
            + pause(texts, details.pause())
            + "<p>"
            + texts.html(key + ".advice")
            + "</p>"
            + link(texts, failure, details.statusLink())
            + technical(texts, failure)
            + "</main>";
    return HtmlPage.of(texts, title, main);
  }

  private static String place(Texts texts, Failure failure, @Nullable String file) {
    String name = failure.path() == null ? file : failure.path();
    Integer index = failure.targetIndex();
    if (index == null) {
      return name == null ? "" : fault(HtmlPage.isolated(name));
    }
    return fault(
        name == null
            ? texts.html("target.only", index + 1)
            : texts.html("target", name, index + 1));
  }

  private static String pause(Texts texts, @Nullable Pause pause) {
    if (pause == null) {
      return "";
    }
    return pause.place() != null
        ? "<p id=\"place\">" + texts.html("error.place", pause.place()) + "</p>"
        : "<p id=\"until\">"
            + texts.html("error.until", texts.timeInSeconds(pause.until()))
            + "</p>";
  }

  private static String fault(String html) {
    return "<p class=\"fault\">" + html + "</p>";
  }

  private static String link(Texts texts, Failure failure, @Nullable String statusLink) {
    return statusLink == null || !OF_STATUS.contains(failure.code())
        ? ""
        : "<p><a href=\""
            + HtmlPage.escape(statusLink)
            + "\">"
            + texts.html("error.status")
            + "</a></p>";
  }

  /** Renders what is for those who run the server. */
  private static String technical(Texts texts, Failure failure) {
    return "<section><h2>"
        + texts.html("technical")
        + "</h2><p id=\"reason\" lang=\"en\">"
        + HtmlPage.isolated(failure.sentence())
        + "</p><p><code>"
        + failure.code().status()
        + " "
        + failure.code().code()
        + "</code></p></section>";
  }
}
