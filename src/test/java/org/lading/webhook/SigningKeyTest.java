package org.lading.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SigningKeyTest {
  /** The example of Standard Webhooks 1.0.0. */
  @Test
  void signature_isThatOfStandardWebhooks() {
    SigningKey key = SigningKey.require("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    byte[] body = "{\"test\": 2432232314}".getBytes(UTF_8);

    assertThat(key.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body))
        .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  @ParameterizedTest
  @CsvSource({"23, false", "24, true", "64, true", "65, false"})
  void key_has24To64Bytes(int bytes, boolean isOne) {
    String text = "whsec_" + Base64.getEncoder().encodeToString(new byte[bytes]);

    assertThat(SigningKey.parse(text) != null).isEqualTo(isOne);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_", "whsec_****"})
  void otherTexts_areNoKeys(String text) {
    assertThat(SigningKey.parse(text)).isNull();
  }
}
