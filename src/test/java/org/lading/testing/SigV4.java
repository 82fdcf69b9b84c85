package org.lading.testing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The signature of a presigned GET as a server works it out that looks at the path and the query
 * exactly as sent (AWS Signature Version 4, authenticating requests with query parameters).
 */
public final class SigV4 {
  private static final String SIGNATURE = "X-Amz-Signature=";

  private SigV4() {}

  /** The signature that the query should have, in lower-case hex digits. */
  public static String expected(String secret, String host, String path, String query) {
    List<String> pairs = new ArrayList<>(Arrays.asList(query.split("&", -1)));
    pairs.removeIf(pair -> pair.startsWith(SIGNATURE));
    pairs.sort(null);
    String canonical =
        String.join(
            "\n",
            "GET",
            path,
            String.join("&", pairs),
            "host:" + host,
            "",
            "host",
            "UNSIGNED-PAYLOAD");
    String[] scope = value(query, "X-Amz-Credential").split("%2F", -1);
    return signature(secret, value(query, "X-Amz-Date"), scope, canonical);
  }

  /**
   * The signature of a canonical request.
   *
   * @param scope the parts of the credential: the key's id, the date, and so on
   */
  static String signature(String secret, String time, String[] scope, String canonical) {
    String scopeText = String.join("/", Arrays.copyOfRange(scope, 1, scope.length));
    String toSign = String.join("\n", "AWS4-HMAC-SHA256", time, scopeText, hex(sha256(canonical)));
    byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
    for (int i = 1; i < scope.length; i++) {
      key = hmac(key, scope[i]);
    }
    return hex(hmac(key, toSign));
  }

  /** The value of a query parameter as it stands there, still encoded. */
  public static String value(String query, String name) {
    for (String pair : query.split("&", -1)) {
      if (pair.startsWith(name + "=")) {
        return pair.substring(name.length() + 1);
      }
    }
    throw new AssertionError(name + " is not in " + query);
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
