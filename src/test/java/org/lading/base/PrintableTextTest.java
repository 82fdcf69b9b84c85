package org.lading.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTextTest {
  @Test
  void ordinaryText_ofAnyScript_isUntouched() {
    assertThat(PrintableText.of("a b/c\u00e9\u4e2d\ud83d\ude00\\u000a"))
        .isEqualTo("a b/c\u00e9\u4e2d\ud83d\ude00\\u000a");
    assertThat(PrintableText.of("")).isEmpty();
  }

  @Test
  void controlCharacters_areEscaped() {
    assertThat(PrintableText.of("a\nb\r\t\0\u007f\u0085"))
        .isEqualTo("a\\u000ab\\u000d\\u0009\\u0000\\u007f\\u0085");
  }

  @Test
  void unicodeLineBreaks_areEscaped() {
    assertThat(PrintableText.of("\u2028x\u2029")).isEqualTo("\\u2028x\\u2029");
  }

  @Test
  void loneSurrogates_areEscaped() {
    assertThat(PrintableText.of("\ud83d-\ude00")).isEqualTo("\\ud83d-\\ude00");
  }

  @Test
  void text_of300Characters_isWhole() {
    assertThat(PrintableText.of("x".repeat(300))).isEqualTo("x".repeat(300));
  }

  @Test
  void text_longerThan300Characters_isCutWithDots() {
    assertThat(PrintableText.of("x".repeat(301))).isEqualTo("x".repeat(297) + "...");
  }

  @Test
  void cut_neverSplitsACharacterOrAnEscape() {
    assertThat(PrintableText.of("x".repeat(296) + "\ud83d\ude00" + "yyyyyy"))
        .isEqualTo("x".repeat(296) + "...");
    assertThat(PrintableText.of("x".repeat(294) + "\n" + "yyyyyy"))
        .isEqualTo("x".repeat(294) + "...");
  }

  @Test
  void cut_countsBytesAsTheyAreInJsonAndHtml() {
    assertThat(PrintableText.cut("x".repeat(60), 60)).isEqualTo("x".repeat(60));
    assertThat(PrintableText.cut("x".repeat(61), 60)).isEqualTo("x".repeat(57) + "...");
    assertThat(PrintableText.cut("\u4e2d".repeat(21), 60)).isEqualTo("\u4e2d".repeat(19) + "...");
    assertThat(PrintableText.cut("\0".repeat(11), 60)).isEqualTo("\0".repeat(9) + "...");
    assertThat(PrintableText.cut("<".repeat(10), 60)).isEqualTo("<".repeat(10));
  }

  @Test
  void cut_ofBytes_neverSplitsAPairOfSurrogates() {
    assertThat(PrintableText.cut("\ud83d\ude00".repeat(6), 60))
        .isEqualTo("\ud83d\ude00".repeat(4) + "...");
  }

  @Test
  void ids_areNotThereInFull() {
    assertThat(PrintableText.ofId("abcdefghijkl-_345678901234567890")).isEqualTo("abcdefghijkl");
    assertThat(PrintableText.ofId("a\n")).isEqualTo("a\\u000a");
    assertThat(PrintableText.ofPath("/downloads/a/abcdefghijkl-_345678901234567890/status"))
        .isEqualTo("/downloads/a/abcdefghijkl/status");
    assertThat(PrintableText.ofPath("/downloads/a/abcdefghijkl-_345678901234567890"))
        .isEqualTo("/downloads/a/abcdefghijkl");
    assertThat(PrintableText.ofPath("/downloads/estimate")).isEqualTo("/downloads/estimate");
  }
}
