package org.lading.nginx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.lading.config.Configuration;
import org.lading.root.RootSettings;
import org.lading.root.s3.S3RootSettings;

/**
 * Renders the part of the nginx configuration that reaches the S3 buckets of Lading's roots: their
 * upstreams and internal locations.
 */
final class S3LocationBlocks {
  /** The variable with the bucket of a location. */
  private static final String BUCKET = "lading_bucket";

  /** The smallest buffer, which must hold the head of an answer. */
  private static final String SMALLEST = "8k";

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

  /** Returns how the hosts of the buckets are reached, and which bucket is at which. */
  String upstreams() {
    String upstreams = hosts().render();
    return byBucket.isEmpty() || !options.exact() ? upstreams : upstreams + maps();
  }

  /** Returns whether there is a bucket. */
  boolean hasBuckets() {
    return !byBucket.isEmpty();
  }

  private S3Upstreams hosts() {
    return new S3Upstreams(byBucket.values(), options);
  }

  /**
   * Returns maps from buckets to their stores. Without {@code volatile} the first entry of an
   * archive would tell the store of all, since they share their variables. The keys are expressions
   * because nginx's tables of names ignore case, and have no room for long ones.
   */
  private String maps() {
    return "\n# The stores of the buckets.\n"
        + map("lading_s3_store", host -> hosts().target(host) + host.path())
        + map("lading_s3_host", S3Host::hostHeader)
        + map("lading_s3_name", S3Host::host);
  }

  private String map(String variable, Function<S3Host, String> value) {
    StringBuilder out =
        new StringBuilder("map $%s $%s {\n    volatile;\n".formatted(BUCKET, variable));
    byBucket.forEach(
        (bucket, host) ->
            out.append("    ~^%s$ \"%s\";\n".formatted(pattern(bucket), value.apply(host))));
    return out.append("}\n").toString();
  }

  private static String pattern(String bucket) {
    return bucket.replace(".", "\\.");
  }

  /** Returns one location for each bucket, or in the exact form one for each buffer. */
  String locations() {
    if (byBucket.isEmpty()) {
      return "";
    }
    StringBuilder out = new StringBuilder(hosts().resolver());
    out.append(options.exact() ? EXACT_COMMENT : PLAIN_COMMENT);
    if (options.exact()) {
      out.append(guarded("", SMALLEST));
      LocationPattern.BUFFERS.forEach(buffer -> out.append(guarded(buffer, buffer)));
    } else {
      byBucket.forEach((bucket, host) -> out.append(plain(bucket, host)));
    }
    return out.toString();
  }

  private static final String EXACT_COMMENT =
      """

      # S3, exact form: manifest locations are encoded twice, nginx decodes them once, and a
      # proxy_pass with variables sends what is left unchanged, so the signature holds whatever
      # the key. Lading is told to write them so by X-Archive-Locations above. The store is asked for
      # the object that was listed: for another one it answers 412, and mod_zip breaks off.
      """;

  private static final String PLAIN_COMMENT =
      """

      # S3, plain form: nginx decodes and re-encodes the path its own way, which breaks the
      # signature of keys with + (on AWS) or any of +&=()'*!@:;,$[] (on stricter stores). The exact
      # form, which the generator writes without --plain, has no such keys.
      """;

  private String guarded(String name, String buffer) {
    String buckets =
        byBucket.keySet().stream().map(S3LocationBlocks::pattern).collect(Collectors.joining("|"));
    String location =
        EntryLocationBlocks.FALLBACK_CAPTURES
            + "/(?<%s>%s)(?<lading_key>/.*)".formatted(BUCKET, buckets);
    boolean isSecure = byBucket.values().stream().anyMatch(S3Host::secure);
    return "location ~ %s {\n".formatted(LocationPattern.of(name, location))
        + NginxSyntax.indented(
            "internal;\nproxy_pass $lading_s3_store$lading_key$is_args$args;\n"
                + ProxyDirectives.guardedSubrequest(
                    "$lading_s3_host", buffer, EntryLocationBlocks.FALLBACK)
                + (isSecure ? tls("$lading_s3_name") : ""))
        + "}\n";
  }

  private String plain(String bucket, S3Host host) {
    return "location ^~ /%s/ {\n".formatted(bucket)
        + NginxSyntax.indented(
            "internal;\nproxy_pass %s%s/;\n".formatted(hosts().target(host), host.path())
                + ProxyDirectives.subrequest(host.hostHeader(), SMALLEST)
                + (host.secure() ? tls(host.host()) : ""))
        + "}\n";
  }

  private String tls(String name) {
    return """
        proxy_ssl_server_name on;
        proxy_ssl_name %s;
        proxy_ssl_verify on;
        proxy_ssl_verify_depth 4;
        proxy_ssl_trusted_certificate %s;
        """
        .formatted(name, trustedCertificates);
  }
}
