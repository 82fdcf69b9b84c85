package org.lading.http.header;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpDateTest {
  private static final Instant NOW = Instant.parse("2026-11-27T05:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Sun, 06 Nov 1994 08:49:37 GMT     | 1994-11-06T08:49:37Z
          Sunday, 06-Nov-94 08:49:37 GMT    | 1994-11-06T08:49:37Z
          Sun Nov  6 08:49:37 1994          | 1994-11-06T08:49:37Z
          Wed Nov 16 08:49:37 1994          | 1994-11-16T08:49:37Z
          sun, 06 nov 1994 08:49:37 gmt     | 1994-11-06T08:49:37Z
          Mon, 06 Nov 1994 08:49:37 GMT     | 1994-11-06T08:49:37Z
          Sat, 31 Dec 2016 23:59:60 GMT     | 2017-01-01T00:00:00Z
          Thursday, 29-Feb-24 00:00:00 GMT  | 2024-02-29T00:00:00Z
          Friday, 27-Nov-76 05:00:00 GMT    | 2076-11-27T05:00:00Z
          Friday, 27-Nov-76 05:00:01 GMT    | 1976-11-27T05:00:01Z
          Saturday, 01-Jan-77 00:00:00 GMT  | 1977-01-01T00:00:00Z
          Saturday, 01-Jan-00 00:00:00 GMT  | 2000-01-01T00:00:00Z
          Friday, 31-Dec-99 23:59:59 GMT    | 1999-12-31T23:59:59Z
          """)
  void date_ofEachForm_isRead(String text, Instant expected) {
    assertThat(HttpDate.parse(text, NOW)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "yesterday",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 94 08:49:37 GMT",
        "Sun, 32 Nov 1994 08:49:37 GMT",
        "Tue, 29 Feb 2023 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT",
        "Sun, 06 Nov 1994 08:49:61 GMT",
        "Sun, 06 Nov 1994 08:49:37 CET",
        "Sun, 06 Nov 1994 08:49:37 +0000",
        "Sun, 06-Nov-94 08:49:37 GMT",
        "Sun Nov 6 08:49:37 1994",
        "Sun Nov  0 08:49:37 1994",
        "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT",
        "Sun, 0\u0666 Nov 1994 08:49:37 GMT"
      })
  void date_ofAnotherForm_orThatDoesNotExist_isNone(String text) {
    assertThat(HttpDate.parse(text, NOW)).isNull();
  }
}
