package org.lading.access.digest;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Issues nonces, and recognises those that any node of the installation has issued: a nonce is the
 * base64url of its time (8 bytes), random bytes (8), and a MAC of both (16) under a secret that the
 * nodes share. Nothing is stored when one is issued.
 */
final class Nonces {
  /** The time for which a nonce is taken: a client with an older one is told a new one. */
  static final Duration LIFE = Duration.ofMinutes(5);

  /** The time by which the clock of the node that issued a nonce may be ahead of this one. */
  static final Duration LEEWAY = Duration.ofSeconds(60);

  private static final String MAC = "HmacSHA256";
  private static final int RANDOM_BYTES = 8;
  private static final int SIGNED_BYTES = Long.BYTES + RANDOM_BYTES;
  private static final int MAC_BYTES = 16;
  private static final int CHARS = 43;

  private final SecretKeySpec key;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  /**
   * Makes an issuer.
   *
   * @param secret bytes that all nodes share and nobody else knows
   */
  Nonces(byte[] secret, Clock clock) {
    this.key = new SecretKeySpec(secret, MAC);
    this.clock = clock;
  }

  /** Issues a nonce. */
  String issue() {
    byte[] salt = new byte[RANDOM_BYTES];
    random.nextBytes(salt);
    byte[] signed = ByteBuffer.allocate(SIGNED_BYTES).putLong(clock.millis()).put(salt).array();
    byte[] nonce =
        ByteBuffer.allocate(SIGNED_BYTES + MAC_BYTES).put(signed).put(mac(signed)).array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(nonce);
  }

  /** Returns when a nonce ends, or null if it was not issued by this installation, or has ended. */
  @Nullable Instant end(String nonce) {
    if (nonce.length() != CHARS) {
      return null;
    }
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(nonce);
    } catch (IllegalArgumentException e) {
      return null;
    }
    byte[] signed = Arrays.copyOf(bytes, SIGNED_BYTES);
    byte[] given = Arrays.copyOfRange(bytes, SIGNED_BYTES, bytes.length);
    if (!MessageDigest.isEqual(mac(signed), given)) {
      return null;
    }
    Instant now = clock.instant();
    Instant issued = Instant.ofEpochMilli(ByteBuffer.wrap(signed).getLong());
    Instant end = issued.plus(LIFE);
    return issued.minus(LEEWAY).isAfter(now) || !end.isAfter(now) ? null : end;
  }

  private byte[] mac(byte[] signed) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(key);
      return Arrays.copyOf(mac.doFinal(signed), MAC_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + MAC, e);
    }
  }
}
