package org.lading.root.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.root.s3.S3RootSettings.Credentials;

class S3RootSettingsTest {
  @ParameterizedTest
  @CsvSource({"'', ''", "'  ', ''", "a, a/", "a/, a/", "a//, a//", "/a, /a/", "' a', ' a/'"})
  void prefix_ofSettings_getsATrailingSlash(String prefix, String expected) {
    assertThat(settings().prefix(prefix).build().prefix()).isEqualTo(expected);
  }

  @Test
  void toString_ofSettings_hidesTheCredentials() {
    Credentials credentials = new Credentials("the-id", "the-secret", "the-token");
    assertThat(settings().prefix("p").credentials(credentials).build().toString())
        .contains("bucket=b", "prefix=p/", "credentials=configured")
        .doesNotContain("the-id", "the-secret", "the-token");
    assertThat(credentials.toString()).isEqualTo("configured");
    assertThat(settings().credentials(null).build().toString())
        .contains("credentials=default chain");
  }

  @Test
  void settings_thatDoNotFit_areRefused() {
    assertRefused(settings().prefix("a/../b"));
    assertRefused(settings().urlExpiry(Duration.ofMillis(999)));
    assertRefused(settings().urlExpiry(Duration.ofDays(7).plusSeconds(1)));
    assertRefused(settings().listConcurrency(0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3.example.org", "ftp://s3.example.org", "http:/x", "http://u:p@host"})
  void endpoint_thatIsNoWebAddress_isRefused(URI endpoint) {
    assertRefused(settings().endpoint(endpoint));
  }

  private static void assertRefused(S3RootSettings.Builder settings) {
    assertThatThrownBy(settings::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("secret");
  }

  private static S3RootSettings.Builder settings() {
    return S3RootSettings.builder("n", "b").credentials("id", "secret").pathStyle(true);
  }
}
