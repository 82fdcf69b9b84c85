package org.lading.access.digest;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an {@code Authorization} header with the scheme {@code Digest} says, RFC 7616 section 3.4.
 * Each value may be a token or a quoted string, whichever the RFC has there, since clients differ.
 *
 * @param username the name, or its hash
 * @param isHashed whether it is the hash
 * @param hash the function, or null for one that is not offered
 * @param count the eight hex digits of {@code nc}
 */
record DigestCredentials(
    String username,
    boolean isHashed,
    @Nullable DigestHash hash,
    String realm,
    String nonce,
    String uri,
    String count,
    String cnonce,
    String qop,
    String response) {
  private static final Pattern COUNT = Pattern.compile("[0-9A-Fa-f]{8}");
  private static final int HEX = 16;

  /** Parses what follows the scheme; null if it is not by the RFC, or lacks what is needed. */
  static @Nullable DigestCredentials parse(String text) {
    AuthorizationParameters given = AuthorizationParameters.parse(text);
    if (given == null) {
      return null;
    }
    String username = given.text("username");
    String realm = given.get("realm");
    String nonce = given.get("nonce");
    String uri = given.get("uri");
    String count = given.get("nc");
    String cnonce = given.get("cnonce");
    String qop = given.get("qop");
    String response = given.get("response");
    if (username == null || realm == null || nonce == null || uri == null || response == null) {
      return null;
    }
    if (count == null || !COUNT.matcher(count).matches() || cnonce == null || qop == null) {
      return null;
    }
    boolean isHashed = "true".equalsIgnoreCase(given.get("userhash"));
    DigestHash hash = DigestHash.of(given.get("algorithm"));
    return new DigestCredentials(
        username, isHashed, hash, realm, nonce, uri, count, cnonce, qop, response);
  }

  /** Returns the number of the use of the nonce. */
  long useNumber() {
    return Long.parseLong(count, HEX);
  }

  /**
   * Returns the response that whoever knows a secret gives.
   *
   * @param used the function
   */
  String expectedResponse(DigestHash used, String ha1, String method) {
    String ha2 = used.hexOf(AuthorizationParameters.bytes(method + ":" + uri));
    String all = String.join(":", ha1, nonce, count, cnonce, qop, ha2);
    return used.hexOf(AuthorizationParameters.bytes(all));
  }
}
