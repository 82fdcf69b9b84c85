package org.lading.config;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A root that is a bucket, or a part of one.
 *
 * @param name see {@link RootConfiguration#name()}
 * @param bucket the bucket's name
 * @param prefix what every key begins with: empty, or ending in {@code /}
 * @param region the bucket's region, or null to find it out from the bucket
 * @param accessKeyId null together with {@code secretAccessKey} for the SDK's default chain
 * @param secretAccessKey the secret that belongs to {@code accessKeyId}
 * @param sessionToken for temporary credentials, else null
 * @param endpoint base URL of a compatible store without a trailing slash, or null for AWS
 * @param forcePathStyle whether the bucket always stands in the path; see {@link #pathStyle()}
 * @param urlExpiry how long presigned URLs last, 1 second to 7 days
 * @param requesterPays whether requests say that the requester pays
 * @param listConcurrency how many calls that look for objects are made at once, 1 or more
 */
public record S3RootConfiguration(
    String name,
    String bucket,
    String prefix,
    @Nullable String region,
    @Nullable String accessKeyId,
    @Nullable String secretAccessKey,
    @Nullable String sessionToken,
    @Nullable URI endpoint,
    boolean forcePathStyle,
    Duration urlExpiry,
    boolean requesterPays,
    int listConcurrency)
    implements RootConfiguration {

  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

  /**
   * Whether the bucket stands in the path of URLs rather than in the host name: as configured, or
   * because a dot in the bucket does not fit TLS wildcard certificates, or because the endpoint is
   * an address to which no name can be prepended.
   */
  public boolean pathStyle() {
    return forcePathStyle || bucket.contains(".") || (endpoint != null && isAddress(endpoint));
  }

  private static boolean isAddress(URI endpoint) {
    String host = endpoint.getHost() == null ? "" : endpoint.getHost().toLowerCase(Locale.ROOT);
    return host.startsWith("[")
        || IPV4.matcher(host).matches()
        || host.equals("localhost")
        || host.endsWith(".localhost");
  }

  /** Everything but the credentials, of which it says only whether there are any. */
  @Override
  public String toString() {
    return "S3RootConfiguration[name=%s, bucket=%s, prefix=%s, region=%s, credentials=%s, endpoint=%s, pathStyle=%s, urlExpiry=%s, requesterPays=%s, listConcurrency=%s]"
        .formatted(
            name,
            bucket,
            prefix,
            region,
            accessKeyId == null ? "default chain" : "configured",
            endpoint,
            pathStyle(),
            urlExpiry,
            requesterPays,
            listConcurrency);
  }
}
