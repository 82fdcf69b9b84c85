package org.lading.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DownloadStatusPageTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 bytes",
    "999, 999 bytes",
    "1000, 1.0 KB",
    "99449, 99.4 KB",
    "99500, 100 KB",
    "999499, 999 KB",
    "999500, 1.0 MB",
    "2147483648, 2.1 GB",
    "9223372036854775807, 9.2 EB"
  })
  void size_isShownInTheUnitThatFits(long bytes, String shown) {
    assertThat(DownloadStatusPage.size(bytes)).isEqualTo(shown);
  }
}
