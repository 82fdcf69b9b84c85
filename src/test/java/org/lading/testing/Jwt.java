package org.lading.testing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes JSON Web Tokens of any header and any claims, without a library that checks them. */
public final class Jwt {
  /** The header that Lading wants. */
  public static final String HS256 = "{'alg': 'HS256', 'typ': 'JWT'}";

  private Jwt() {}

  /** A token that is signed with HS256, whatever its header says; single quotes are double ones. */
  public static String signed(String header, String claims, String secret) {
    return signed(header, claims, secret, "HmacSHA256");
  }

  /** A token that is signed with an algorithm of the JDK. */
  public static String signed(String header, String claims, String secret, String algorithm) {
    String unsigned = part(header) + '.' + part(claims);
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), algorithm));
      return unsigned + '.' + base64(mac.doFinal(unsigned.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Claims of an issuer that end at a time, with others. */
  public static String claims(String issuer, Instant expires, String others) {
    return "{'iss': '%s', 'exp': %d, %s}".formatted(issuer, expires.getEpochSecond(), others);
  }

  private static String part(String json) {
    return base64(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
