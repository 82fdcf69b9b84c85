package org.lading.testing;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lading.testing.Http.Reply;

/**
 * A client that makes {@code Authorization} headers of HTTP Digest by the formulas of RFC 7616
 * alone.
 *
 * @param algorithm {@code MD5} or {@code SHA-256}
 */
public record DigestClient(String name, String realm, String password, String algorithm) {
  private static final Pattern NONCE = Pattern.compile("nonce=\"([^\"]+)\"");
  private static final String CNONCE = "0a4f113b";

  /** What one request has in its header; each value can be another than the response is made of. */
  public record Use(String method, String uri, String nonce, int count) {
    /** The number as the header has it. */
    public String nc() {
      return "%08x".formatted(count);
    }
  }

  /** A client with SHA-256 in the realm that Lading has by default. */
  public static DigestClient of(String name, String password) {
    return new DigestClient(name, "Lading", password, "SHA-256");
  }

  /** The same client with another algorithm. */
  public DigestClient with(String otherAlgorithm) {
    return new DigestClient(name, realm, password, otherAlgorithm);
  }

  /** The nonce of the last challenge of an answer. */
  public static String nonce(Reply challenged) {
    Matcher nonce = NONCE.matcher(String.valueOf(challenged.header("WWW-Authenticate")));
    String last = null;
    while (nonce.find()) {
      last = nonce.group(1);
    }
    if (last == null) {
      throw new AssertionError("no challenge: " + challenged);
    }
    return last;
  }

  /** The header as most clients write it. */
  public String header(Use use) {
    return "Digest username=\"%s\", realm=\"%s\", nonce=\"%s\", uri=\"%s\", algorithm=%s, qop=auth, nc=%s, cnonce=\"%s\", response=\"%s\""
        .formatted(name, realm, use.nonce(), use.uri(), algorithm, use.nc(), CNONCE, response(use));
  }

  /** The response to a challenge. */
  public String response(Use use) {
    String ha1 = hash(name + ":" + realm + ":" + password);
    String ha2 = hash(use.method() + ":" + use.uri());
    return hash(String.join(":", ha1, use.nonce(), use.nc(), CNONCE, "auth", ha2));
  }

  /** The hash of a text in hex. */
  public String hash(String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
