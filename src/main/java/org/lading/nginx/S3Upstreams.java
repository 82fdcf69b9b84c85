package org.lading.nginx;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Renders how nginx reaches the hosts of S3: through an upstream for each, whose connections are
 * kept, or, before nginx 1.27.3, by a name that nginx resolves again and again.
 */
final class S3Upstreams {
  private static final Pattern ADDRESS = Pattern.compile("[\\d.]+|\\[.*]");

  private final NginxOptions options;
  private final Map<String, S3Host> byName = new TreeMap<>();

  S3Upstreams(Collection<S3Host> hosts, NginxOptions options) {
    this.options = options;
    hosts.forEach(host -> byName.put(host.upstream(), host));
  }

  /** Returns the upstreams. */
  String render() {
    StringBuilder out = new StringBuilder();
    byName.values().stream().filter(host -> !isNamed(host)).forEach(host -> out.append(of(host)));
    return out.isEmpty() ? "" : comment() + out;
  }

  /** Returns the scheme and what stands for the host in {@code proxy_pass}. */
  String target(S3Host host) {
    return host.scheme()
        + "://"
        + (isNamed(host) ? host.host() + ":" + host.port() : host.upstream());
  }

  /** Returns the directive for the public server that names the name servers. */
  String resolver() {
    if (options.resolvers().isEmpty()) {
      return "";
    }
    String line = "resolver " + String.join(" ", options.resolvers()) + ";\nresolver_timeout 5s;\n";
    return options.isNginxAtLeast(RESOLVING)
        ? ""
        : "\n# A name is resolved when an object is fetched, and again when its answer has expired.\n"
            + line;
  }

  private static final String RESOLVING = "1.27.3";

  /** Returns whether nginx gets a host by its name in {@code proxy_pass}, without an upstream. */
  private boolean isNamed(S3Host host) {
    return isResolvedAgain(host) && !options.isNginxAtLeast(RESOLVING);
  }

  private boolean isResolvedAgain(S3Host host) {
    return !options.resolvers().isEmpty() && !ADDRESS.matcher(host.host()).matches();
  }

  private String comment() {
    String start =
        """

        # Connections to S3 are kept: that saves a TCP and TLS handshake for every object.
        """;
    return options.resolvers().isEmpty()
        ? start
            + """
            # nginx looks the addresses up once, when it starts or reloads, and those of S3 change:
            # reload nginx regularly (every hour, say), or give --resolver.
            """
        : start;
  }

  private String of(S3Host host) {
    if (!isResolvedAgain(host)) {
      return """
          upstream %s {
              server %s:%d;
              keepalive 16;
          }
          """
          .formatted(host.upstream(), host.host(), host.port());
    }
    return """
        upstream %1$s {
            zone %1$s 64k;
            resolver %2$s;
            resolver_timeout 5s;
            server %3$s:%4$d resolve;
            keepalive 16;
        }
        """
        .formatted(
            host.upstream(), String.join(" ", options.resolvers()), host.host(), host.port());
  }
}
