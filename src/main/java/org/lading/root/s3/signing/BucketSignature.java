package org.lading.root.s3.signing;

import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.lading.base.ByteBuilder;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.root.PercentEncoding;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * The part of a signature that all URLs of a bucket share.
 *
 * <p>The SDK has its own rules for hosts, regions and services. They are not repeated here but
 * taken from one URL that it presigns, which {@link Presigner} must reproduce.
 *
 * @param host the Host header, with the port where that is not the scheme's
 * @param path the encoded path before the key, with a slash at its end
 * @param scope {@code <region>/<service>/aws4_request}
 */
public record BucketSignature(String host, String path, String scope) {
  private static final String KEY = "a b/%é";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssX", Locale.ROOT).withZone(ZoneOffset.UTC);

  /**
   * Returns the shared part for a bucket at an endpoint.
   *
   * <p>nginx sends {@code /<encoded key>} to the bucket's own host, or {@code /<bucket>/<encoded
   * key>} below the endpoint's path to the endpoint's host, and no header but {@code Host}. Fails
   * with {@code INTERNAL} if the SDK would sign for anything else.
   */
  public static BucketSignature of(SignedBucket settings, URI endpoint, String region) {
    AwsCredentials credentials = AwsBasicCredentials.create("id", "secret");
    SdkHttpRequest signed = presignedBySdk(settings, endpoint, region, credentials);
    String base = withoutTrailingSlash(endpoint.getRawPath());
    String path = settings.pathStyle() ? base + "/" + settings.bucket() + "/" : base + "/";
    String host = (settings.pathStyle() ? "" : settings.bucket() + ".") + endpoint.getHost();
    if (!signed.host().equalsIgnoreCase(host)
        || !signed.encodedPath().equals(path + PercentEncoding.path(KEY))) {
      throw new LadingException(
          ErrorCode.INTERNAL,
          "The bucket %s of root %s cannot be reached by its own host name, only in path style"
              .formatted(settings.bucket(), settings.root()));
    }
    String[] scope = parameter(signed, "X-Amz-Credential").split("/", 3);
    BucketSignature shared =
        new BucketSignature(signed.firstMatchingHeader("Host").orElse(host), path, scope[2]);
    requireSameQuery(shared, settings, credentials, signed);
    return shared;
  }

  private static void requireSameQuery(
      BucketSignature shared,
      SignedBucket settings,
      AwsCredentials credentials,
      SdkHttpRequest sdk) {
    Instant time = Instant.from(TIME.parse(parameter(sdk, "X-Amz-Date")));
    Presigner presigner =
        new Presigner(shared, settings, credentials, Clock.fixed(time, ZoneOffset.UTC));
    ByteBuilder query = new ByteBuilder(512);
    presigner.appendQuery(new ByteBuilder(64).append(sdk.encodedPath()), query);
    if (!query.toString().equals(sdk.encodedQueryParameters().orElse(""))) {
      throw new LadingException(
          ErrorCode.INTERNAL,
          "The SDK signs the URLs of root %s in a way of its own".formatted(settings.root()));
    }
  }

  private static SdkHttpRequest presignedBySdk(
      SignedBucket settings, URI endpoint, String region, AwsCredentials credentials) {
    try (S3Presigner presigner =
        S3Presigner.builder()
            .region(Region.of(region))
            .endpointOverride(signable(settings, endpoint))
            .credentialsProvider(StaticCredentialsProvider.create(credentials))
            .fipsEnabled(false)
            .dualstackEnabled(false)
            .serviceConfiguration(
                S3Configuration.builder().pathStyleAccessEnabled(settings.pathStyle()).build())
            .build()) {
      GetObjectRequest.Builder get = GetObjectRequest.builder().bucket(settings.bucket()).key(KEY);
      if (settings.requesterPays()) {
        // As a member of the request it would become a signed header.
        get.overrideConfiguration(o -> o.putRawQueryParameter("x-amz-request-payer", "requester"));
      }
      return presigner
          .presignGetObject(
              p -> p.signatureDuration(settings.urlExpiry()).getObjectRequest(get.build()))
          .httpRequest();
    }
  }

  private static String parameter(SdkHttpRequest signed, String name) {
    return signed.firstMatchingRawQueryParameter(name).orElse("");
  }

  /**
   * Returns the endpoint with http instead of https for a bucket with dots in host style: with
   * https the SDK uses path style, because no certificate matches such a host. The scheme is not
   * signed.
   */
  private static URI signable(SignedBucket settings, URI endpoint) {
    boolean https = endpoint.getScheme().toLowerCase(Locale.ROOT).equals("https");
    if (settings.pathStyle() || !settings.bucket().contains(".") || !https) {
      return endpoint;
    }
    boolean defaultPort = endpoint.getPort() == -1 || endpoint.getPort() == 443;
    String port = defaultPort ? "" : ":" + endpoint.getPort();
    return URI.create("http://" + endpoint.getHost() + port + endpoint.getRawPath());
  }

  private static String withoutTrailingSlash(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }
}
