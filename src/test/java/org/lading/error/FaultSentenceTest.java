package org.lading.error;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lading.page.Texts;

class FaultSentenceTest {
  private static final String ENGLISH =
      "<p class=\"detail\" lang=\"en\"><bdi>In the JSON</bdi></p>";

  @ParameterizedTest
  @EnumSource
  void everyCode_isToldInEachLanguage_withTheNameAndTheTarget(ErrorCode code) {
    for (Texts texts : Texts.ALL) {
      String target = texts == Texts.GERMAN ? " (Ziel 3)</p>" : " (target 3)</p>";
      String sentence = texts.html("error." + code.code() + ".sentence");
      assertThat(paragraphs(texts, code, null, null))
          .isEqualTo("<p>" + sentence + "</p>" + ENGLISH);
      String named = paragraphs(texts, code, 2, "a&b");
      assertThat(named).startsWith("<p>").contains("<bdi>a&amp;b</bdi>", target).endsWith(ENGLISH);
      assertThat(named.replace(ENGLISH, "")).doesNotContain("{", "JSON");
    }
    assertThat(paragraphs(Texts.GERMAN, code, null, null))
        .isNotEqualTo(paragraphs(Texts.ENGLISH, code, null, null));
  }

  private static String paragraphs(Texts texts, ErrorCode code, Integer index, String path) {
    return FaultSentence.paragraphs(texts, new Failure(code, "In the JSON", index, path, null));
  }
}
