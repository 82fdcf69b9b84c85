package org.lading.error;

import org.jspecify.annotations.Nullable;
import org.lading.page.HtmlPage;
import org.lading.page.Texts;

/**
 * Renders the page of a failure for people: what happened, to which file, what to do next, and the
 * sentence of the failure, which is in English for all readers.
 */
final class ErrorPage {
  private ErrorPage() {}

  static HtmlPage of(Texts texts, Failure failure) {
    String key = "error." + failure.code().code();
    String title = texts.text(key + ".title");
    return HtmlPage.of(
        texts,
        title,
        "<main><h1>"
            + HtmlPage.escape(title)
            + "</h1><p>"
            + texts.html(key + ".sentence")
            + "</p>"
            + file(texts, failure)
            + "<p>"
            + texts.html(key + ".advice")
            + "</p>"
            + technical(texts, failure)
            + "</main>");
  }

  private static String file(Texts texts, Failure failure) {
    String path = failure.path();
    if (path == null && failure.targetIndex() == null) {
      return "";
    }
    return "<p class=\"file\">"
        + texts.html("error.file")
        + ": "
        + place(texts, path, failure)
        + "</p>";
  }

  private static String place(Texts texts, @Nullable String path, Failure failure) {
    Integer index = failure.targetIndex();
    if (index == null) {
      return HtmlPage.isolated(String.valueOf(path));
    }
    return path == null
        ? texts.html("target.only", index + 1)
        : texts.html("target", path, index + 1);
  }

  /** Renders what is for those who run the server. */
  private static String technical(Texts texts, Failure failure) {
    return "<div class=\"technical\"><h2>"
        + texts.html("technical")
        + "</h2><p id=\"reason\" lang=\"en\">"
        + HtmlPage.isolated(failure.sentence())
        + "</p><p><code>"
        + failure.code().status()
        + " "
        + failure.code().code()
        + "</code></p></div>";
  }
}
