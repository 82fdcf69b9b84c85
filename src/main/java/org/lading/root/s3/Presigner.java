package org.lading.root.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.lading.base.ByteBuilder;
import org.lading.root.PercentEncoding;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/**
 * Presigns GET requests with AWS Signature Version 4 in the query, signing no header but {@code
 * Host}: the same URLs as the SDK's presigner, parameters in the same order, without its cost. For
 * one thread.
 *
 * <p>The credentials are those it was made with. The time is that of each signature, in seconds;
 * what hangs on it alone is made anew when the second changes, the signing key when the day does.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html">Authenticating
 *     requests: using query parameters</a>
 */
final class Presigner {
  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final String HMAC = "HmacSHA256";
  private static final byte[] METHOD = "GET\n".getBytes(UTF_8);
  private static final int DAY = "yyyyMMdd".length();
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final SigningTarget target;
  private final Clock clock;
  private final String keyId;
  private final String secret;
  private final String tokenParameter;
  private final String expiresParameter;
  private final String payerParameter;
  private final MessageDigest sha256;
  private final Mac hmac;
  private final ByteBuilder hexHash = new ByteBuilder(64);

  private long second = Long.MIN_VALUE;
  private String day = "";
  private byte[] canonicalEnd = {};
  private byte[] toSignStart = {};
  private byte[] queryStart = {};

  Presigner(
      SigningTarget target, S3RootSettings settings, AwsCredentials credentials, Clock clock) {
    this.target = target;
    this.clock = clock;
    // Blanks around them are no part of credentials; the SDK drops them as well.
    this.keyId = credentials.accessKeyId().trim();
    this.secret = credentials.secretAccessKey().trim();
    this.tokenParameter =
        credentials instanceof AwsSessionCredentials temporary
            ? "X-Amz-Security-Token=" + encoded(temporary.sessionToken().trim()) + "&"
            : "";
    this.expiresParameter = "X-Amz-Expires=" + settings.urlExpiry().toSeconds();
    // Signed in the query: as a header no one would send it.
    this.payerParameter = settings.requesterPays() ? "x-amz-request-payer=requester" : "";
    try {
      this.sha256 = MessageDigest.getInstance("SHA-256");
      this.hmac = Mac.getInstance(HMAC);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256 and its HMAC", e);
    }
  }

  /** Appends the signed query of a GET for this path, which is encoded as it will be sent. */
  void appendQuery(ByteBuilder path, ByteBuilder out) {
    long now = Math.floorDiv(clock.millis(), 1000L);
    if (now != second) {
      setTime(now);
    }
    sha256.update(METHOD);
    path.writeTo(sha256);
    sha256.update(canonicalEnd);
    hexHash.truncate(0);
    hexHash.appendHex(sha256.digest());
    hmac.update(toSignStart);
    hexHash.writeTo(hmac);
    out.append(queryStart).appendHex(hmac.doFinal());
  }

  private void setTime(long now) {
    String time = TIME.format(Instant.ofEpochSecond(now));
    String today = time.substring(0, DAY);
    if (!today.equals(day)) {
      setKey(today);
      day = today;
    }
    String scope = today + "/" + target.scope();
    String algorithm = "X-Amz-Algorithm=" + ALGORITHM;
    String credential = "X-Amz-Credential=" + encoded(keyId + "/" + scope);
    String date = "X-Amz-Date=" + time;
    String headers = "X-Amz-SignedHeaders=host";
    // Canonical parameters are sorted by their bytes; in its URLs the SDK has an order of its own.
    String canonical =
        algorithm
            + "&"
            + credential
            + "&"
            + date
            + "&"
            + expiresParameter
            + "&"
            + tokenParameter
            + headers
            + (payerParameter.isEmpty() ? "" : "&" + payerParameter);
    String query =
        (payerParameter.isEmpty() ? "" : payerParameter + "&")
            + tokenParameter
            + algorithm
            + "&"
            + date
            + "&"
            + headers
            + "&"
            + credential
            + "&"
            + expiresParameter;
    canonicalEnd =
        ("\n" + canonical + "\nhost:" + target.host() + "\n\nhost\nUNSIGNED-PAYLOAD")
            .getBytes(UTF_8);
    toSignStart = (ALGORITHM + "\n" + time + "\n" + scope + "\n").getBytes(UTF_8);
    queryStart = (query + "&X-Amz-Signature=").getBytes(UTF_8);
    second = now;
  }

  /** The key of a day, region and service is a chain: each HMAC is the key of the next. */
  private void setKey(String today) {
    byte[] key = ("AWS4" + secret).getBytes(UTF_8);
    for (String link : (today + "/" + target.scope()).split("/", -1)) {
      key = hmac(key, link);
    }
    init(key);
  }

  private byte[] hmac(byte[] key, String text) {
    init(key);
    return hmac.doFinal(text.getBytes(UTF_8));
  }

  private void init(byte[] key) {
    try {
      hmac.init(new SecretKeySpec(key, HMAC));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("an HMAC takes any key", e);
    }
  }

  /** Of a parameter's value, in which a slash is encoded as well. */
  private static String encoded(String value) {
    return PercentEncoding.path(value).replace("/", "%2F");
  }
}
