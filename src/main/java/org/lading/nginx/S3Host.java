package org.lading.nginx;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lading.root.s3.S3RootSettings;

/**
 * The scheme, host and port for which the URLs of a bucket are signed, and the path before the key.
 *
 * @param secure whether the scheme is https rather than http
 * @param host the name or address, IPv6 in brackets
 * @param port the port, explicit or the scheme's
 * @param path empty, or beginning with a slash and not ending in one
 */
record S3Host(boolean secure, String host, int port, String path) {
  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  // The partitions of AWS with a domain of their own, by the prefix of their regions.
  private static final Map<String, String> DOMAINS = new LinkedHashMap<>();

  static {
    DOMAINS.put("cn-", "amazonaws.com.cn");
    DOMAINS.put("eusc-", "amazonaws.eu");
    DOMAINS.put("us-iso-", "c2s.ic.gov");
    DOMAINS.put("us-isob-", "sc2s.sgov.gov");
    DOMAINS.put("eu-isoe-", "cloud.adc-e.uk");
    DOMAINS.put("us-isof-", "csp.hci.ic.gov");
  }

  /** Returns the host of a root's bucket, or null if the root has neither endpoint nor region. */
  static @Nullable S3Host of(S3RootSettings root) {
    URI base = root.endpoint();
    if (base == null) {
      String region = root.region();
      if (region == null) {
        return null;
      }
      base = URI.create("https://" + awsHost(region));
    }
    boolean secure = "https".equalsIgnoreCase(base.getScheme());
    int port = base.getPort() >= 0 ? base.getPort() : (secure ? HTTPS : HTTP);
    return root.pathStyle()
        ? new S3Host(secure, base.getHost(), port, base.getRawPath() + "/" + root.bucket())
        : new S3Host(secure, root.bucket() + "." + base.getHost(), port, base.getRawPath());
  }

  /** Returns the regional host, also in us-east-1, where the SDK defaults to the global one. */
  private static String awsHost(String region) {
    String domain =
        DOMAINS.entrySet().stream()
            .filter(entry -> region.startsWith(entry.getKey()))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse("amazonaws.com");
    return "s3." + region + "." + domain;
  }

  String scheme() {
    return secure ? "https" : "http";
  }

  /** Returns the Host header as it is signed: with the port where it is not the scheme's. */
  String hostHeader() {
    return port == (secure ? HTTPS : HTTP) ? host : host + ":" + port;
  }

  /** Returns the name of nginx's upstream, one for each host and port. */
  String upstream() {
    return "lading_s3_" + host.replaceAll("[\\[\\]:]", "_") + "_" + port;
  }
}
