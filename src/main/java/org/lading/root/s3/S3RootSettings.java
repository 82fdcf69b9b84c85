package org.lading.root.s3;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.lading.root.RootSettings;
import org.lading.root.Undeliverable;
import org.lading.root.s3.signing.SignedBucket;

/**
 * The settings of a root that is a bucket, or a part of one; {@link IllegalArgumentException} where
 * they do not fit together.
 *
 * @param name the configured name of the root
 * @param bucket the bucket's name
 * @param prefix the beginning of every key; blank for none, a missing trailing slash is added
 * @param region the region to sign for, or null to find it out from the bucket
 * @param credentials the keys to sign with, or null for the SDK's default chain
 * @param endpoint the base URL of a compatible store, or null for AWS
 * @param pathStyle whether requests name the bucket in the path instead of the host
 * @param urlExpiry how long a location is valid: whole seconds, 1 second to 7 days
 * @param requesterPays whether the caller pays for requests to the bucket
 * @param undeliverable see {@link RootSettings#undeliverable()}
 * @param listConcurrency how many calls that look for objects are made at once, 1 or more
 * @param guard whether nginx is told to ask only for objects that did not change
 * @param sign when locations are signed
 */
public record S3RootSettings(
    String name,
    String bucket,
    String prefix,
    @Nullable String region,
    @Nullable Credentials credentials,
    @Nullable URI endpoint,
    boolean pathStyle,
    Duration urlExpiry,
    boolean requesterPays,
    Undeliverable undeliverable,
    int listConcurrency,
    boolean guard,
    Sign sign)
    implements RootSettings {

  /** When the locations of an archive are signed. */
  public enum Sign {
    /** Whichever of the others is needed for that archive. */
    AUTO,
    /** All together, when the manifest is served. */
    MANIFEST,
    /** Each one when nginx comes to its entry, which costs another request. */
    ENTRY
  }

  /** The minimum of {@link #urlExpiry}. */
  public static final Duration MIN_URL_EXPIRY = Duration.ofSeconds(1);

  /** The maximum of {@link #urlExpiry} that S3 accepts. */
  public static final Duration MAX_URL_EXPIRY = Duration.ofDays(7);

  /** The {@link #urlExpiry} where none is given. */
  public static final Duration DEFAULT_URL_EXPIRY = Duration.ofHours(12);

  /** The {@link #listConcurrency} where none is given. */
  public static final int DEFAULT_LIST_CONCURRENCY = 32;

  private static final Pattern ENCODED = Pattern.compile("%[0-9A-Fa-f]{2}");
  private static final Pattern SPACE_AT_AN_END = Pattern.compile("^\\s|\\s/?$");
  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

  /** Completes the prefix and checks that the settings fit together. */
  public S3RootSettings {
    prefix = withTrailingSlash(prefix);
    if (S3Keys.hasParentSegment(prefix)) {
      throw new IllegalArgumentException("the prefix has a .. segment");
    }
    if (urlExpiry.compareTo(MIN_URL_EXPIRY) < 0 || urlExpiry.compareTo(MAX_URL_EXPIRY) > 0) {
      throw new IllegalArgumentException("the URL expiry is not between 1 second and 7 days");
    }
    if (listConcurrency < 1) {
      throw new IllegalArgumentException("the list concurrency is less than 1");
    }
    if (endpoint != null && !isWebAddress(endpoint)) {
      throw new IllegalArgumentException("the endpoint is not an http or https URL with a host");
    }
  }

  /**
   * An access key with its secret.
   *
   * @param sessionToken of temporary credentials, or null
   */
  public record Credentials(
      String accessKeyId, String secretAccessKey, @Nullable String sessionToken) {
    /** Hides all credentials. */
    @Override
    public String toString() {
      return "configured";
    }
  }

  /**
   * Returns a builder of the settings of a bucket of AWS, host style, with the defaults for
   * everything else.
   */
  public static Builder builder(String name, String bucket) {
    return new Builder(name, bucket);
  }

  /** Returns those that presigned URLs depend on. */
  SignedBucket signedBucket() {
    return new SignedBucket(name, bucket, pathStyle, urlExpiry, requesterPays);
  }

  /** Collects settings; each method sets the component of its name. */
  public static final class Builder {
    private final String name;
    private String bucket;
    private String prefix = "";
    private @Nullable String region;
    private @Nullable Credentials credentials;
    private @Nullable URI endpoint;
    private boolean pathStyle;
    private Duration urlExpiry = DEFAULT_URL_EXPIRY;
    private boolean requesterPays;
    private Undeliverable undeliverable = Undeliverable.REFUSE;
    private int listConcurrency = DEFAULT_LIST_CONCURRENCY;
    private boolean guard = true;
    private Sign sign = Sign.AUTO;

    private Builder(String name, String bucket) {
      this.name = name;
      this.bucket = bucket;
    }

    /** See {@link S3RootSettings#bucket}. */
    public Builder bucket(String value) {
      bucket = value;
      return this;
    }

    /** See {@link S3RootSettings#prefix}. */
    public Builder prefix(String value) {
      prefix = value;
      return this;
    }

    /** See {@link S3RootSettings#region}. */
    public Builder region(@Nullable String value) {
      region = value;
      return this;
    }

    /** See {@link S3RootSettings#credentials}. */
    public Builder credentials(@Nullable Credentials value) {
      credentials = value;
      return this;
    }

    /** Sets credentials that are not temporary. */
    public Builder credentials(String accessKeyId, String secretAccessKey) {
      return credentials(new Credentials(accessKeyId, secretAccessKey, null));
    }

    /** See {@link S3RootSettings#endpoint}. */
    public Builder endpoint(@Nullable URI value) {
      endpoint = value;
      return this;
    }

    /** See {@link S3RootSettings#pathStyle}. */
    public Builder pathStyle(boolean value) {
      pathStyle = value;
      return this;
    }

    /** See {@link S3RootSettings#urlExpiry}. */
    public Builder urlExpiry(Duration value) {
      urlExpiry = value;
      return this;
    }

    /** See {@link S3RootSettings#undeliverable}. */
    public Builder undeliverable(Undeliverable value) {
      undeliverable = value;
      return this;
    }

    /** See {@link S3RootSettings#requesterPays}. */
    public Builder requesterPays(boolean value) {
      requesterPays = value;
      return this;
    }

    /** See {@link S3RootSettings#listConcurrency}. */
    public Builder listConcurrency(int value) {
      listConcurrency = value;
      return this;
    }

    /** See {@link S3RootSettings#guard}. */
    public Builder guard(boolean value) {
      guard = value;
      return this;
    }

    /** See {@link S3RootSettings#sign}. */
    public Builder sign(Sign value) {
      sign = value;
      return this;
    }

    /** Returns the settings. */
    public S3RootSettings build() {
      return new S3RootSettings(
          name,
          bucket,
          prefix,
          region,
          credentials,
          endpoint,
          pathStyle,
          urlExpiry,
          requesterPays,
          undeliverable,
          listConcurrency,
          guard,
          sign);
    }
  }

  /** Shows everything but the credentials, and whether those are configured. */
  @Override
  public String toString() {
    return "S3RootSettings[name=%s, bucket=%s, prefix=%s, region=%s, credentials=%s, endpoint=%s, pathStyle=%s, urlExpiry=%s, requesterPays=%s, undeliverable=%s, listConcurrency=%s, guard=%s, sign=%s]"
        .formatted(
            name,
            bucket,
            prefix,
            region,
            credentials == null ? "default chain" : credentials,
            endpoint,
            pathStyle,
            urlExpiry,
            requesterPays,
            undeliverable,
            listConcurrency,
            guard,
            sign);
  }

  /**
   * Tells whether a bucket can be named in the path only: a dot in its name does not fit TLS
   * wildcard certificates, and no name can be prepended to an endpoint that is an address.
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
   * Tells whether the store is AWS itself, which knows headers that are newer than most compatible
   * stores, some of which refuse a request with a header that they do not know.
   */
  public boolean isAws() {
    if (endpoint == null) {
      return true;
    }
    String host = endpoint.getHost().toLowerCase(Locale.ROOT);
    return host.endsWith(".amazonaws.com") || host.endsWith(".amazonaws.com.cn");
  }

  /** Returns what makes the prefix look like a path or a URL rather than the beginning of keys. */
  @Override
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    if (prefix.startsWith("/")) {
      warnings.add("the prefix begins with a slash, and finds only keys that do so, too");
    }
    if (prefix.indexOf("//", 1) >= 0) {
      warnings.add("the prefix has two slashes in a row, which S3 does not take for one");
    }
    if (List.of(prefix.split("/", -1)).contains(".")) {
      warnings.add("the prefix has a segment . , which S3 does not leave out");
    }
    if (ENCODED.matcher(prefix).find() || prefix.indexOf('\\') >= 0 || prefix.indexOf('*') >= 0) {
      warnings.add("the prefix has %XX, a backslash or a star, which S3 takes as they stand");
    }
    if (!prefix.isEmpty() && SPACE_AT_AN_END.matcher(prefix).find()) {
      warnings.add("the prefix begins or ends with white space");
    }
    return warnings;
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
