package org.lading.error;

import org.jspecify.annotations.Nullable;
import org.lading.page.HtmlPage;
import org.lading.page.Texts;

/** Renders for people what failed, in the language of their page. */
public final class FaultSentence {
  private FaultSentence() {}

  /**
   * Renders two paragraphs: what the code means, with the name of what is at fault, and the
   * sentence that programs get, which is in English for all readers and may say more.
   */
  public static String paragraphs(Texts texts, Failure failure) {
    return "<p>"
        + sentence(texts, failure.code(), failure.path())
        + target(texts, failure.targetIndex())
        + "</p><p class=\"detail\" lang=\"en\">"
        + HtmlPage.isolated(failure.sentence())
        + "</p>";
  }

  private static String sentence(Texts texts, ErrorCode code, @Nullable String name) {
    String key = "error." + code.code();
    if (name == null) {
      return texts.html(key + ".sentence");
    }
    return texts.keys().contains(key + ".file")
        ? texts.html(key + ".file", name)
        : texts.html(key + ".sentence") + " " + HtmlPage.isolated(name);
  }

  private static String target(Texts texts, @Nullable Integer index) {
    return index == null ? "" : " (" + texts.html("target.only", index + 1) + ")";
  }
}
