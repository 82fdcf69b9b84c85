package org.lading.http.header;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContentDispositionTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          report.zip     | "report.zip"     | report.zip
          a b;c.zip      | "a b;c.zip"      | a%20b%3Bc.zip
          \u00dcber.zip  | "_ber.zip"       | %C3%9Cber.zip
          \ud83d\ude00   | "_"              | %F0%9F%98%80
          50%25.zip      | "50_25.zip"      | 50%2525.zip
          x"y\\z'        | "x_y_z'"         | x%22y%5Cz%27
          """)
  void name_isAsciiFirstAndExactSecond(String name, String ascii, String encoded) {
    assertThat(ContentDisposition.attachment(name))
        .isEqualTo("attachment; filename=" + ascii + "; filename*=UTF-8''" + encoded);
  }

  @org.junit.jupiter.api.Test
  void lineBreaks_cannotLeaveTheHeader() {
    assertThat(ContentDisposition.attachment("a\r\nb\0c"))
        .isEqualTo("attachment; filename=\"a__b_c\"; filename*=UTF-8''a%0D%0Ab%00c");
  }
}
