package org.lading.checksum;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class ContentIdTest {
  private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678Z");

  @Test
  void contentWithAnEtag_isTheSameWheneverItWasModified() {
    assertThat(ContentId.of("r", "k", 5, TIME, "abc"))
        .isEqualTo(ContentId.of("r", "k", 5, TIME.plusSeconds(1), "abc"))
        .isNotEqualTo(ContentId.of("r", "k", 5, TIME, "abd"))
        .isNotEqualTo(ContentId.of("r", "k", 6, TIME, "abc"));
  }

  @Test
  void contentWithoutAnEtag_isAnotherOnceItWasModified() {
    assertThat(ContentId.of("r", "k", 5, TIME, null))
        .isEqualTo(ContentId.of("r", "k", 5, TIME, null))
        .isNotEqualTo(ContentId.of("r", "k", 5, TIME.plusMillis(1), null));
  }

  @Test
  void weakEtag_isNoProofOfTheSameBytes() {
    assertThat(ContentId.of("r", "k", 5, TIME, "W/\"abc\""))
        .isNotEqualTo(ContentId.of("r", "k", 5, TIME.plusMillis(1), "W/\"abc\""));
  }

  @Test
  void key_isADirectoryAndAName() {
    assertThat(ContentId.of("r", "a/b/c.txt", 5, TIME, null))
        .returns("a/b/", ContentId::directory)
        .returns("c.txt", ContentId::name);
    assertThat(ContentId.of("r", "c.txt", 5, TIME, null))
        .returns("", ContentId::directory)
        .returns("c.txt", ContentId::name);
  }
}
