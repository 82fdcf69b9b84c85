package org.lading.root.s3;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.lading.root.RootSettings;

/**
 * What a bucket root is made of; {@link IllegalArgumentException} where the parts do not fit.
 *
 * @param name the configured name of the root
 * @param bucket the bucket's name
 * @param prefix what every key begins with; blank for none, a missing trailing slash is added
 * @param region the region to sign for, or null to find it out from the bucket
 * @param accessKeyId with {@code secretAccessKey}, or null for the SDK's default chain
 * @param secretAccessKey with {@code accessKeyId}, or null for the SDK's default chain
 * @param sessionToken of temporary credentials, or null
 * @param endpoint the base URL of a compatible store, or null for AWS
 * @param pathStyle whether requests name the bucket in the path instead of the host
 * @param urlExpiry how long a location is valid: whole seconds, 1 second to 7 days
 * @param requesterPays whether the caller pays for requests to the bucket
 * @param listConcurrency how many calls that look for objects are made at once, 1 or more
 */
public record S3RootSettings(
    String name,
    String bucket,
    String prefix,
    @Nullable String region,
    @Nullable String accessKeyId,
    @Nullable String secretAccessKey,
    @Nullable String sessionToken,
    @Nullable URI endpoint,
    boolean pathStyle,
    Duration urlExpiry,
    boolean requesterPays,
    int listConcurrency)
    implements RootSettings {

  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final Duration SHORTEST_EXPIRY = Duration.ofSeconds(1);
  private static final Duration LONGEST_EXPIRY = Duration.ofDays(7);

  /** Completes the prefix and checks that the parts fit together. */
  public S3RootSettings {
    prefix = withTrailingSlash(prefix);
    if (S3Keys.hasParentSegment(prefix)) {
      throw new IllegalArgumentException("the prefix has a .. segment");
    }
    if ((accessKeyId == null) != (secretAccessKey == null)) {
      throw new IllegalArgumentException("of the two access keys one is missing");
    }
    if (sessionToken != null && accessKeyId == null) {
      throw new IllegalArgumentException("a session token needs the access keys beside it");
    }
    if (urlExpiry.compareTo(SHORTEST_EXPIRY) < 0 || urlExpiry.compareTo(LONGEST_EXPIRY) > 0) {
      throw new IllegalArgumentException("the URL expiry is not between 1 second and 7 days");
    }
    if (listConcurrency < 1) {
      throw new IllegalArgumentException("the list concurrency is less than 1");
    }
    if (endpoint != null && !isWebAddress(endpoint)) {
      throw new IllegalArgumentException("the endpoint is not an http or https URL with a host");
    }
  }

  /** Everything but the credentials, of which it only says whether they are configured. */
  @Override
  public String toString() {
    return "S3RootSettings[name=%s, bucket=%s, prefix=%s, region=%s, credentials=%s, endpoint=%s, pathStyle=%s, urlExpiry=%s, requesterPays=%s, listConcurrency=%s]"
        .formatted(
            name,
            bucket,
            prefix,
            region,
            accessKeyId == null ? "default chain" : "configured",
            endpoint,
            pathStyle,
            urlExpiry,
            requesterPays,
            listConcurrency);
  }

  /**
   * Whether a bucket can be named in the path only: a dot in its name does not fit TLS wildcard
   * certificates, and no name can be prepended to an endpoint that is an address.
   */
  public static boolean needsPathStyle(String bucket, @Nullable URI endpoint) {
    return bucket.contains(".") || (endpoint != null && isAddress(endpoint));
  }

  private static boolean isAddress(URI endpoint) {
    String host = endpoint.getHost().toLowerCase(Locale.ROOT);
    return host.startsWith("[")
        || IPV4.matcher(host).matches()
        || host.equals("localhost")
        || host.endsWith(".localhost");
  }

  /**
   * Whether the store is AWS itself, and so knows what is later than most compatible stores: some
   * of them refuse a request with a header that they do not know.
   */
  boolean isAws() {
    if (endpoint == null) {
      return true;
    }
    String host = endpoint.getHost().toLowerCase(Locale.ROOT);
    return host.endsWith(".amazonaws.com") || host.endsWith(".amazonaws.com.cn");
  }

  private static String withTrailingSlash(String prefix) {
    if (prefix.isBlank()) {
      return "";
    }
    return prefix.endsWith("/") ? prefix : prefix + "/";
  }

  private static boolean isWebAddress(URI endpoint) {
    String scheme = endpoint.getScheme();
    if (scheme == null || endpoint.getHost() == null || endpoint.getRawUserInfo() != null) {
      return false;
    }
    String lower = scheme.toLowerCase(Locale.ROOT);
    return lower.equals("http") || lower.equals("https");
  }
}
