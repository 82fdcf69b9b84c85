package org.lading.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lading.error.ErrorCode;

class TextsTest {
  @Test
  void languages_haveTheSameKeys_withTheSameArguments() {
    for (Texts texts : Texts.ALL) {
      assertThat(texts.keys()).isEqualTo(Texts.ENGLISH.keys());
      for (String key : texts.keys()) {
        String pattern = texts.pattern(key);
        assertThat(pattern).as(key).isNotBlank().doesNotContain("'");
        assertThat(arguments(pattern)).as(key).isEqualTo(arguments(Texts.ENGLISH.pattern(key)));
        assertThat(texts.text(key, 1, 1, 1)).as(key).isNotEmpty().doesNotContain("{");
      }
    }
  }

  @Test
  void everyErrorCode_hasItsPage() {
    for (ErrorCode code : ErrorCode.values()) {
      for (String part : List.of(".title", ".sentence", ".advice")) {
        assertThat(Texts.ENGLISH.keys()).contains("error." + code.code() + part);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          -                                   | en
          ''                                  | en
          de                                  | de
          DE-at                               | de
          de-AT,de;q=0.9,en;q=0.8             | de
          en-US,en;q=0.9,de;q=0.8             | en
          en;q=0.2, de;q=0.3                  | de
          de, en                              | de
          en, de                              | en
          fr, de;q=0.5                        | de
          fr                                  | en
          fr, *                               | en
          en;q=0, *                           | de
          de;q=0.5, *                         | en
          den, dex-AT                         | en
          de-CH;q=0.1, de;q=0.9, en;q=0.5     | de
          de;q=0                              | en
          de;q=abc, en;q=0.9                  | de
          ,;,;;q                              | en
          """)
  void language_isTheOneThatTheReaderLikesBest(String header, String language) {
    List<String> lines = header == null ? List.of() : List.of(header);
    assertThat(Texts.of(Collections.enumeration(lines)).language()).isEqualTo(language);
  }

  @Test
  void plurals_areThoseOfTheLanguage() {
    assertThat(texts("entries", 0)).containsExactly("0 entries", "0 Einträge");
    assertThat(texts("entries", 1)).containsExactly("1 entry", "1 Eintrag");
    assertThat(texts("entries", 2)).containsExactly("2 entries", "2 Einträge");
    assertThat(texts("entries", 1234567))
        .containsExactly("1,234,567 entries", "1.234.567 Einträge");
  }

  @Test
  void texts_areEscapedAndIsolated_andNothingElseIs() {
    String hostile = "{0}<b>'x'\u202e&";
    assertThat(Texts.ENGLISH.html("status.download", hostile))
        .isEqualTo("Download <bdi>{0}&lt;b&gt;&#39;x&#39;\u202e&amp;</bdi>");
    assertThat(Texts.ENGLISH.html("target", new Texts.Markup("<i>a</i>"), 1000))
        .isEqualTo("<i>a</i> (target 1,000)");
    assertThat(Texts.ENGLISH.text("status.title", "Ready", hostile)).endsWith(hostile);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0                   | 0 bytes   | 0 Bytes
          1                   | 1 byte    | 1 Byte
          999                 | 999 bytes | 999 Bytes
          1000                | 1.0 kB    | 1,0 kB
          99449               | 99.4 kB   | 99,4 kB
          99500               | 100 kB    | 100 kB
          999499              | 999 kB    | 999 kB
          999500              | 1.0 MB    | 1,0 MB
          2147483648          | 2.1 GB    | 2,1 GB
          9223372036854775807 | 9.2 EB    | 9,2 EB
          """)
  void size_isShownInTheUnitThatFits(long bytes, String english, String german) {
    assertThat(Texts.ENGLISH.size(bytes)).isEqualTo(english);
    assertThat(Texts.GERMAN.size(bytes)).isEqualTo(german);
  }

  @Test
  void times_areInUtcForReadersWithoutScripts() {
    Instant time = Instant.parse("2026-11-27T09:05:07.123Z");
    assertThat(Texts.GERMAN.time(time).html())
        .isEqualTo("<time datetime=\"2026-11-27T09:05:07.123Z\">2026-11-27 09:05 UTC</time>");
    assertThat(Texts.GERMAN.timeInSeconds(time).html())
        .isEqualTo(
            "<time datetime=\"2026-11-27T09:05:07Z\" data-seconds>2026-11-27 09:05:07 UTC</time>");
  }

  private static Stream<String> texts(String key, Object argument) {
    return Texts.ALL.stream().map(texts -> texts.text(key, argument));
  }

  private static List<Boolean> arguments(String pattern) {
    return Stream.of("{0", "{1", "{2").map(pattern::contains).toList();
  }
}
