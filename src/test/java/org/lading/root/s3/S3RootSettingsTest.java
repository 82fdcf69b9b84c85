package org.lading.root.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class S3RootSettingsTest {
  private static final Duration DAY = Duration.ofDays(1);

  @ParameterizedTest
  @CsvSource({"'', ''", "'  ', ''", "a, a/", "a/, a/", "a//, a//", "/a, /a/", "' a', ' a/'"})
  void prefix_ofSettings_getsATrailingSlash(String prefix, String expected) {
    assertThat(settings(prefix, "id", "secret", null, null, DAY).prefix()).isEqualTo(expected);
  }

  @Test
  void toString_ofSettings_hidesTheCredentials() {
    assertThat(settings("p", "the-id", "the-secret", "the-token", null, DAY).toString())
        .contains("bucket=b", "prefix=p/", "credentials=configured")
        .doesNotContain("the-id", "the-secret", "the-token");
    assertThat(settings("p", null, null, null, null, DAY).toString())
        .contains("credentials=default chain");
  }

  @Test
  void settings_thatDoNotFit_areRefused() {
    assertRefused("a/../b", "id", "secret", null, null, DAY);
    assertRefused("", "id", null, null, null, DAY);
    assertRefused("", null, "secret", null, null, DAY);
    assertRefused("", null, null, "token", null, DAY);
    assertRefused("", "id", "secret", null, null, Duration.ofMillis(999));
    assertRefused("", "id", "secret", null, null, Duration.ofDays(7).plusSeconds(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3.example.org", "ftp://s3.example.org", "http:/x", "http://u:p@host"})
  void endpoint_thatIsNoWebAddress_isRefused(URI endpoint) {
    assertRefused("", "id", "secret", null, endpoint, DAY);
  }

  private static void assertRefused(
      String prefix,
      @Nullable String id,
      @Nullable String secret,
      @Nullable String token,
      @Nullable URI endpoint,
      Duration expiry) {
    assertThatThrownBy(() -> settings(prefix, id, secret, token, endpoint, expiry))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("secret");
  }

  private static S3RootSettings settings(
      String prefix,
      @Nullable String id,
      @Nullable String secret,
      @Nullable String token,
      @Nullable URI endpoint,
      Duration expiry) {
    return new S3RootSettings(
        "n", "b", prefix, null, id, secret, token, endpoint, true, expiry, false, 16);
  }
}
