package org.lading.root.s3;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.root.LocationEncoding;
import org.lading.root.Locations;
import org.lading.root.PercentEncoding;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * Writes {@code /<bucket>/<encoded key>?<presigned query>}, signed with the credentials given.
 *
 * <p>nginx sends {@code /<encoded key>} to the bucket's own host, or {@code /<bucket>/<encoded
 * key>} below the endpoint's path to the endpoint's host; so each URL is checked for being signed
 * for exactly that, and for no header but {@code Host}.
 */
final class PresignedLocations implements Locations {
  private static final String PAYER = "x-amz-request-payer";
  private static final String SIGNED_HEADERS = "X-Amz-SignedHeaders";

  private final S3Settings settings;
  private final S3Presigner presigner;
  private final StaticCredentialsProvider credentials;
  private final LocationEncoding encoding;
  private final String host;
  private final String pathToBucket;

  PresignedLocations(
      S3Settings settings,
      URI endpoint,
      S3Presigner presigner,
      AwsCredentials credentials,
      LocationEncoding encoding) {
    this.settings = settings;
    this.presigner = presigner;
    this.credentials = StaticCredentialsProvider.create(credentials);
    this.encoding = encoding;
    this.host = (settings.pathStyle() ? "" : settings.bucket() + ".") + endpoint.getHost();
    String base = withoutTrailingSlash(endpoint.getRawPath());
    this.pathToBucket = settings.pathStyle() ? base + "/" + settings.bucket() : base;
  }

  /** A presigner for these settings; it has no credentials of its own. */
  static S3Presigner presigner(S3Settings settings, URI endpoint, String region) {
    return S3Presigner.builder()
        .region(Region.of(region))
        .endpointOverride(signable(settings, endpoint))
        .credentialsProvider(
            () -> {
              throw new IllegalStateException("every request names its credentials");
            })
        .fipsEnabled(false)
        .dualstackEnabled(false)
        .serviceConfiguration(
            S3Configuration.builder().pathStyleAccessEnabled(settings.pathStyle()).build())
        .build();
  }

  @Override
  public void append(String key, StringBuilder line) {
    SdkHttpRequest signed =
        presigner
            .presignGetObject(
                p -> p.signatureDuration(settings.urlExpiry()).getObjectRequest(request(key)))
            .httpRequest();
    StringBuilder path = new StringBuilder(key.length() + 16);
    PercentEncoding.appendPath(key, path);
    requireAsAssumed(signed, pathToBucket + "/" + path);
    String location =
        encoding == LocationEncoding.EXACT ? path.toString().replace("%", "%25") : path.toString();
    line.append('/')
        .append(settings.bucket())
        .append('/')
        .append(location)
        .append('?')
        .append(signed.encodedQueryParameters().orElse(""));
  }

  private GetObjectRequest request(String key) {
    return GetObjectRequest.builder()
        .bucket(settings.bucket())
        .key(key)
        .overrideConfiguration(
            o -> {
              o.credentialsProvider(credentials);
              if (settings.requesterPays()) {
                // As a member of the request it would become a signed header, which no one sends.
                o.putRawQueryParameter(PAYER, "requester");
              }
            })
        .build();
  }

  private void requireAsAssumed(SdkHttpRequest signed, String path) {
    if (!signed.host().equalsIgnoreCase(host) || !signed.encodedPath().equals(path)) {
      throw new LadingException(
          ErrorCode.INTERNAL,
          "The bucket %s of root %s cannot be reached by its own host name, only in path style"
              .formatted(settings.bucket(), settings.name()));
    }
    List<String> headers = signed.rawQueryParameters().getOrDefault(SIGNED_HEADERS, List.of());
    if (!headers.equals(List.of("host"))) {
      throw new LadingException(
          ErrorCode.INTERNAL,
          "A location of root %s would need the headers %s".formatted(settings.name(), headers));
    }
  }

  /**
   * For a bucket with dots the SDK leaves the host style, because the certificate of such a host
   * does not match, but only with https; the scheme itself is not part of the signature.
   */
  private static URI signable(S3Settings settings, URI endpoint) {
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
