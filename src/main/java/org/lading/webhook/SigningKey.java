package org.lading.webhook;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** A key that signs messages as Standard Webhooks 1.0.0 has it: HMAC-SHA256. */
public final class SigningKey {
  private static final String PREFIX = "whsec_";
  private static final String ALGORITHM = "HmacSHA256";
  private static final int MIN_BYTES = 24;
  private static final int MAX_BYTES = 64;

  private final SecretKeySpec key;

  private SigningKey(byte[] bytes) {
    this.key = new SecretKeySpec(bytes, ALGORITHM);
  }

  /** Parses {@code whsec_} and 24 to 64 bytes in base64; null if the text is something else. */
  public static @Nullable SigningKey parse(String text) {
    if (!text.startsWith(PREFIX)) {
      return null;
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(text.substring(PREFIX.length()));
      return bytes.length < MIN_BYTES || bytes.length > MAX_BYTES ? null : new SigningKey(bytes);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Parses a key that was parsed before. */
  static SigningKey require(String text) {
    SigningKey key = parse(text);
    if (key == null) {
      throw new IllegalArgumentException("no webhook secret");
    }
    return key;
  }

  /**
   * Returns the signature of a message, {@code v1,} and base64.
   *
   * @param id the id of the message
   * @param seconds the time of the request in seconds since 1970
   */
  String sign(String id, long seconds, byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      mac.update((id + '.' + seconds + '.').getBytes(US_ASCII));
      return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }
}
