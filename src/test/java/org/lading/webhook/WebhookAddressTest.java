package org.lading.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookAddressTest {
  @ParameterizedTest
  @CsvSource({
    "https://app.example.org, https://app.example.org, true",
    "https://app.example.org, https://app.example.org/any/thing?token=1, true",
    "https://app.example.org/, https://app.example.org, true",
    "https://app.example.org/hooks, https://app.example.org/hooks, true",
    "https://app.example.org/hooks, https://app.example.org/hooks?a=b, true",
    "https://app.example.org/hooks/, https://app.example.org/hooks, true",
    "https://app.example.org/hooks, https://app.example.org/hooks/, true",
    "https://app.example.org/hooks, https://app.example.org/hooks/%21%c3%A4%e0%a4%85?a=%2e%25%20, true",
    "https://app.example.org/hooks, https://app.example.org/hooks/zip, true",
    "https://app.example.org/hooks, https://APP.example.org.:443/hooks/zip, true",
    "https://app.example.org:443/hooks, https://app.example.org/hooks/zip, true",
    "http://[::1]:9000/hooks, http://[0:0:0:0:0:0:0:1]:9000/hooks/zip, true",
    "http://127.0.0.1:9000/hooks, http://[::ffff:127.0.0.1]:9000/hooks/zip, true",
    "https://app.example.org/hooks, https://app.example.org/hooksx, false",
    "https://app.example.org/hooks, https://app.example.org/Hooks, false",
    "https://app.example.org/hooks, https://app.example.org/, false",
    "https://app.example.org/hooks, http://app.example.org/hooks, false",
    "https://app.example.org/hooks, https://app.example.org:8443/hooks, false",
    "https://app.example.org/hooks, https://app.example.org.evil.example/hooks, false",
    "https://app.example.org/hooks, https://evil.example/app.example.org/hooks, false",
    "https://app.example.org/hooks, https://sub.app.example.org/hooks, false",
    "http://127.0.0.1:9000/hooks, http://localhost:9000/hooks, false",
  })
  void address_coversWhatLiesBelowIt(String allowed, String asked, boolean isCovered) {
    WebhookAddress above = Objects.requireNonNull(WebhookAddress.parsePrefix(allowed));
    WebhookAddress below = Objects.requireNonNull(WebhookAddress.parse(asked));

    assertThat(above.covers(below)).isEqualTo(isCovered);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "app.example.org/hooks",
        "ftp://app.example.org/hooks",
        "file:///etc/passwd",
        "https:app.example.org",
        "https:///hooks",
        "https://user@app.example.org/hooks",
        "https://app.example.org:secret@evil.example/hooks",
        "https://app.example.org/hooks#fragment",
        "https://app.example.org:0/hooks",
        "https://app.example.org:65536/hooks",
        "https://app.example.org\\@evil.example/hooks",
        "https://app.example.org/hooks/../admin",
        "https://app.example.org/hooks/..;x/admin",
        "https://app.example.org/hooks/./zip",
        "https://app.example.org/hooks/..",
        "https://app.example.org/hooks/%2e%2E/admin",
        "https://app.example.org/hooks/..%2Fadmin",
        "https://app.example.org/hooks/..%5cadmin",
        "https://app.example.org/hooks/..%3b/admin",
        "https://app.example.org/hooks/..%3Bx/admin",
        "https://app.example.org/hooks/%252e%252e/admin",
        "https://app.example.org/hooks/%c0%ae%C0%AE/admin",
        "https://app.example.org/hooks/..%c1%9cadmin",
        "https://app.example.org/hooks/%e0%80%ae%E0%80%AE/admin",
        "https://app.example.org/hooks/%f0%80%80%ae./admin",
        "https://app.example.org/hooks/..%00/admin",
        "https://app.example.org/hooks/..%09/admin",
        "https://app.example.org/hooks/..%1F/admin",
        "https://app.example.org/hooks/..%20/admin",
        "https://app.example.org/hooks/.%0a./admin",
        "https://app.example.org/hooks//zip",
        "https://app.example.org//evil.example/hooks",
        "https://app.example.org/hooks/a b",
        "https://app.example.org/hooks\r\nX-Header: 1",
        "https://app.example.org/hooks?a=\n",
        "https://app.exämple.org/hooks",
        "https://2130706433/hooks",
        "https://0x7f000001/hooks",
        "https://127.1/hooks",
        "https://127.0.0.0x1/hooks",
        "https://[fe80::1%25eth0]/hooks",
        "https://app_1.example.org/hooks",
      })
  void otherTexts_areNoAddresses(String text) {
    assertThat(WebhookAddress.parse(text)).isNull();
  }

  @Test
  void address_isLoggedWithoutPathAndQuery() {
    assertThat(WebhookAddress.parse("https://app.example.org:8443/T0/secret?token=secret"))
        .hasToString("https://app.example.org:8443");
  }

  @Test
  void allowedAddress_hasNoQuery() {
    assertThat(WebhookAddress.parsePrefix("https://app.example.org/hooks?a=b")).isNull();
  }
}
