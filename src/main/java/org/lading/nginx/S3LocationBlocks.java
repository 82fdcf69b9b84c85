package org.lading.nginx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.lading.config.Configuration;
import org.lading.root.RootSettings;
import org.lading.root.s3.S3RootSettings;

/**
 * Renders the part of the nginx configuration that reaches the S3 buckets of Lading's roots: their
 * upstreams and internal locations.
 */
final class S3LocationBlocks {
  private final NginxOptions options;
  private final String trustedCertificates;
  private final Map<String, S3Host> byBucket = new LinkedHashMap<>();

  /** Collects the buckets; adds a fault for each with an unknown host or an ambiguous path. */
  S3LocationBlocks(Configuration configuration, NginxOptions options, List<String> faults) {
    this.options = options;
    this.trustedCertificates =
        NginxSyntax.quoted(options.trustedCertificates(), "trusted certificates", faults);
    for (S3RootSettings root : roots(configuration)) {
      S3Host host = S3Host.of(root);
      if (host != null) {
        byBucket.putIfAbsent(root.bucket(), host);
        check(root, host, faults);
      }
    }
    for (S3RootSettings root : roots(configuration)) {
      if (!byBucket.containsKey(root.bucket())) {
        faults.add(
            "root %s: nginx needs to know the bucket's host: give the root its region (or endpoint)"
                .formatted(root.name()));
      }
    }
  }

  private static List<S3RootSettings> roots(Configuration configuration) {
    List<S3RootSettings> roots = new ArrayList<>();
    for (RootSettings root : configuration.roots()) {
      if (root instanceof S3RootSettings s3) {
        roots.add(s3);
      }
    }
    return roots;
  }

  private void check(S3RootSettings root, S3Host host, List<String> faults) {
    String context = options.contextPath();
    if (("/" + root.bucket() + "/").startsWith(context + "/")
        || (context + "/").startsWith("/" + root.bucket() + "/")) {
      faults.add(
          "root %s: the bucket %s is named like the application's path"
              .formatted(root.name(), root.bucket()));
    }
    NginxSyntax.quoted(host.path(), "root " + root.name() + ": endpoint", faults);
    if (host.path().matches(".*[;'{}].*")) {
      faults.add("root " + root.name() + ": nginx cannot be told the path of the endpoint");
    }
  }

  /** Returns one upstream for each host. */
  String upstreams() {
    Map<String, S3Host> byName = new TreeMap<>();
    byBucket.values().forEach(host -> byName.put(host.upstream(), host));
    if (byName.isEmpty()) {
      return "";
    }
    StringBuilder out =
        new StringBuilder(
            """

            # Connections to S3 are kept: that saves a TCP and TLS handshake for every object.
            # nginx looks the addresses up once, when it starts or reloads, and those of S3 change:
            # reload nginx regularly (every hour, say). nginx 1.27.3 and later can instead take
            # "zone" in the upstream and "resolve" after the server's address, with a "resolver" in
            # http {}.
            """);
    byName.forEach(
        (name, host) ->
            out.append(
                """
                upstream %s {
                    server %s:%d;
                    keepalive 16;
                }
                """
                    .formatted(name, host.host(), host.port())));
    return out.toString();
  }

  /** Returns one location for each bucket. */
  String locations() {
    if (byBucket.isEmpty()) {
      return "";
    }
    StringBuilder out = new StringBuilder(options.exact() ? EXACT_COMMENT : PLAIN_COMMENT);
    byBucket.forEach((bucket, host) -> out.append(location(bucket, host)));
    return out.toString();
  }

  private static final String EXACT_COMMENT =
      """

      # S3, exact form: manifest locations are encoded twice, nginx decodes them once, and a
      # proxy_pass with variables sends what is left unchanged, so the signature holds whatever
      # the key. Lading is told to write them so by X-Archive-Locations above.
      """;

  private static final String PLAIN_COMMENT =
      """

      # S3, plain form: nginx decodes and re-encodes the path its own way, which breaks the
      # signature of keys with + (on AWS) or any of +&=()'*!@:;,$[]{} (on stricter stores). The exact
      # form, which the generator writes without --plain, has no such keys.
      """;

  private String location(String bucket, S3Host host) {
    String start =
        options.exact()
            ? "location ~ ^/%s(/.*)$ {\n".formatted(bucket.replace(".", "\\."))
            : "location ^~ /%s/ {\n".formatted(bucket);
    String target = host.scheme() + "://" + host.upstream() + host.path();
    String pass = target + (options.exact() ? "$1$is_args$args" : "/");
    return start
        + NginxSyntax.indented(
            "internal;\nproxy_pass "
                + pass
                + ";\n"
                + ProxyDirectives.subrequest(host.hostHeader(), "8k")
                + tls(host))
        + "}\n";
  }

  private String tls(S3Host host) {
    if (!host.secure()) {
      return "";
    }
    return """
        proxy_ssl_server_name on;
        proxy_ssl_name %s;
        proxy_ssl_verify on;
        proxy_ssl_verify_depth 4;
        proxy_ssl_trusted_certificate %s;
        """
        .formatted(host.host(), trustedCertificates);
  }
}
