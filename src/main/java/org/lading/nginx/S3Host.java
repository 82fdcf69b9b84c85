package org.lading.nginx;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lading.root.s3.S3RootSettings;

/**
 * Where the objects of a bucket are: the host that presigned URLs are signed for, and what stands
 * before the key in their path.
 *
 * @param secure whether it is https
 * @param host name or address, IPv6 in brackets
 * @param port never the absent one
 * @param path empty, or beginning with a slash and not ending in one
 */
record S3Host(boolean secure, String host, int port, String path) {
  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  // The partitions of AWS that have a domain of their own, by the beginning of their regions.
  private static final Map<String, String> DOMAINS = new LinkedHashMap<>();

  static {
    DOMAINS.put("cn-", "amazonaws.com.cn");
    DOMAINS.put("eusc-", "amazonaws.eu");
    DOMAINS.put("us-iso-", "c2s.ic.gov");
    DOMAINS.put("us-isob-", "sc2s.sgov.gov");
    DOMAINS.put("eu-isoe-", "cloud.adc-e.uk");
    DOMAINS.put("us-isof-", "csp.hci.ic.gov");
  }

  /** The place of a root's bucket; null if it has neither endpoint nor region to tell. */
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

  /** The regional host, also in us-east-1, where the SDK by itself takes the old global one. */
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

  /** The Host header as it is signed: with the port only where it is not the usual one. */
  String hostHeader() {
    return port == (secure ? HTTPS : HTTP) ? host : host + ":" + port;
  }

  /** The name of nginx's upstream, one for each host and port. */
  String upstream() {
    return "lading_s3_" + host.replaceAll("[\\[\\]:]", "_") + "_" + port;
  }
}
