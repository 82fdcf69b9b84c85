package org.lading.error;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {
  @Test
  void ordinaryText_ofAnyScript_isUntouched() {
    assertThat(Printable.of("a b/c\u00e9\u4e2d\ud83d\ude00\\u000a"))
        .isEqualTo("a b/c\u00e9\u4e2d\ud83d\ude00\\u000a");
    assertThat(Printable.of("")).isEmpty();
  }

  @Test
  void controlCharacters_areEscaped() {
    assertThat(Printable.of("a\nb\r\t\0\u007f\u0085"))
        .isEqualTo("a\\u000ab\\u000d\\u0009\\u0000\\u007f\\u0085");
  }

  @Test
  void unicodeLineBreaks_areEscaped() {
    assertThat(Printable.of("\u2028x\u2029")).isEqualTo("\\u2028x\\u2029");
  }

  @Test
  void loneSurrogates_areEscaped() {
    assertThat(Printable.of("\ud83d-\ude00")).isEqualTo("\\ud83d-\\ude00");
  }

  @Test
  void text_of300Characters_isWhole() {
    assertThat(Printable.of("x".repeat(300))).isEqualTo("x".repeat(300));
  }

  @Test
  void text_longerThan300Characters_isCutWithDots() {
    assertThat(Printable.of("x".repeat(301))).isEqualTo("x".repeat(297) + "...");
  }

  @Test
  void cut_neverSplitsACharacterOrAnEscape() {
    assertThat(Printable.of("x".repeat(296) + "\ud83d\ude00" + "yyyyyy"))
        .isEqualTo("x".repeat(296) + "...");
    assertThat(Printable.of("x".repeat(294) + "\n" + "yyyyyy")).isEqualTo("x".repeat(294) + "...");
  }
}
