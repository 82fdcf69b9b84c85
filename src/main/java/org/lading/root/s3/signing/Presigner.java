package org.lading.root.s3.signing;

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
import org.lading.base.Digests;
import org.lading.root.PercentEncoding;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/**
 * Presigns GET requests with AWS Signature Version 4 in the query, signing no header but {@code
 * Host}. Its URLs equal those of the SDK's presigner, in a fraction of the time. For one thread.
 *
 * <p>The time is that of each signature, in seconds. The parts that depend on the time alone are
 * rebuilt when the second changes, the signing key when the day changes.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html">Authenticating
 *     requests: using query parameters</a>
 */
final class Presigner {
  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final String HMAC = "HmacSHA256";
  private static final byte[] METHOD = "GET\n".getBytes(UTF_8);
  private static final int DAY_CHARS = "yyyyMMdd".length();
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final BucketSignature bucketSignature;
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
  private byte[] canonicalTail = {};
  private byte[] stringToSignHead = {};
  private byte[] queryHead = {};

  Presigner(
      BucketSignature bucketSignature,
      SignedBucket settings,
      AwsCredentials credentials,
      Clock clock) {
    this.bucketSignature = bucketSignature;
    this.clock = clock;
    // The SDK trims credentials as well.
    this.keyId = credentials.accessKeyId().trim();
    this.secret = credentials.secretAccessKey().trim();
    this.tokenParameter =
        credentials instanceof AwsSessionCredentials temporary
            ? "X-Amz-Security-Token=" + encoded(temporary.sessionToken().trim()) + "&"
            : "";
    this.expiresParameter = "X-Amz-Expires=" + settings.urlExpiry().toSeconds();
    // Signed as a query parameter, since nginx sends no such header.
    this.payerParameter = settings.requesterPays() ? "x-amz-request-payer=requester" : "";
    this.sha256 = Digests.sha256();
    try {
      this.hmac = Mac.getInstance(HMAC);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + HMAC, e);
    }
  }

  /**
   * Appends the signed query of a GET of this path, which is percent-encoded as it will be sent.
   */
  void appendQuery(ByteBuilder path, ByteBuilder out) {
    long now = Math.floorDiv(clock.millis(), 1000L);
    if (now != second) {
      setTime(now);
    }
    sha256.update(METHOD);
    path.writeTo(sha256);
    sha256.update(canonicalTail);
    hexHash.truncate(0);
    hexHash.appendHex(sha256.digest());
    hmac.update(stringToSignHead);
    hexHash.writeTo(hmac);
    out.append(queryHead).appendHex(hmac.doFinal());
  }

  private void setTime(long now) {
    String time = TIME.format(Instant.ofEpochSecond(now));
    String today = time.substring(0, DAY_CHARS);
    if (!today.equals(day)) {
      setKey(today);
      day = today;
    }
    String scope = today + "/" + bucketSignature.scope();
    String algorithm = "X-Amz-Algorithm=" + ALGORITHM;
    String credential = "X-Amz-Credential=" + encoded(keyId + "/" + scope);
    String date = "X-Amz-Date=" + time;
    String headers = "X-Amz-SignedHeaders=host";
    // Canonical parameters are sorted by their bytes; the URL has the SDK's order.
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
    canonicalTail =
        ("\n" + canonical + "\nhost:" + bucketSignature.host() + "\n\nhost\nUNSIGNED-PAYLOAD")
            .getBytes(UTF_8);
    stringToSignHead = (ALGORITHM + "\n" + time + "\n" + scope + "\n").getBytes(UTF_8);
    queryHead = (query + "&X-Amz-Signature=").getBytes(UTF_8);
    second = now;
  }

  /** Derives the signing key of a day, region and service: each HMAC is the key of the next. */
  private void setKey(String today) {
    byte[] key = ("AWS4" + secret).getBytes(UTF_8);
    for (String link : (today + "/" + bucketSignature.scope()).split("/", -1)) {
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

  /** Encodes the value of a parameter, with its slashes. */
  private static String encoded(String value) {
    return PercentEncoding.path(value).replace("/", "%2F");
  }
}
