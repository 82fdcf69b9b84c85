package org.lading.nginx;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.lading.api.RouteSettings;
import org.lading.api.create.CreateSettings;
import org.lading.config.Configuration;

/** Renders the nginx server for clients. */
final class PublicServerBlock {
  private PublicServerBlock() {}

  /**
   * Returns the server block, with {@code internalLocations} in it; adds a fault for each path that
   * nginx cannot express.
   */
  static String render(
      Configuration configuration,
      NginxOptions options,
      String internalLocations,
      List<String> faults) {
    return """

        server {
        %s    server_name %s;
            # Lines of your own for this server; there need not be any such file.
            include lading.d/*.conf;
        """
            .formatted(listen(options), serverNames(configuration.routes()))
        + NginxSyntax.indented(
            tls(options, faults)
                + ProxyDirectives.application(options)
                + HAND_OVER
                + limits(configuration.create())
                + ApplicationLocations.render(options, faults)
                + internalLocations)
        + "}\n";
  }

  private static final String HAND_OVER =
      """
      # Set once more when an application hands a client over: then this is its answer's header.
      set $lading_handed_over $upstream_http_x_accel_redirect;
      proxy_set_header Cookie $lading_cookie;
      proxy_set_header Authorization $lading_authorization;
      """;

  private static String listen(NginxOptions options) {
    boolean tls = options.tlsCertificate() != null;
    // nginx 1.25.1 made HTTP/2 a directive of its own, and warns of the parameter.
    boolean parameter = options.http2() && !options.isNginxAtLeast("1.25.1");
    String directive = options.http2() && !parameter ? "    http2 on;\n" : "";
    return options.publicListen().stream()
            .map(
                listen ->
                    "    listen "
                        + listen
                        + (tls && !hasParameter(listen, "ssl") ? " ssl" : "")
                        + (parameter && !hasParameter(listen, "http2") ? " http2" : "")
                        + ";\n")
            .collect(Collectors.joining())
        + directive;
  }

  private static boolean hasParameter(String listen, String parameter) {
    return List.of(listen.split(" +", -1)).contains(parameter);
  }

  private static String serverNames(RouteSettings routes) {
    Set<String> names = new LinkedHashSet<>();
    if (routes.publicUrl() != null) {
      names.add(routes.publicUrl().getHost());
    }
    routes.hosts().forEach(host -> names.add(host.host()));
    return names.isEmpty() ? "_" : String.join(" ", names);
  }

  private static String tls(NginxOptions options, List<String> faults) {
    String certificate = options.tlsCertificate();
    if (certificate == null) {
      return """
          # For TLS give --tls-certificate and --tls-key. Where TLS ends in front of this nginx, set
          # nginx_url to the https address.

          """;
    }
    return """
        ssl_certificate %s;
        ssl_certificate_key %s;
        ssl_protocols TLSv1.2 TLSv1.3;
        ssl_session_cache shared:lading_tls:10m;
        ssl_session_timeout 1d;
        # Where the kernel has its module tls, and OpenSSL 3 was built with "enable-ktls" (Debian's
        # is not), the kernel encrypts, which saves a copy of every byte:
        # ssl_conf_command Options KTLS;

        """
        .formatted(
            NginxSyntax.quoted(certificate, "--tls-certificate", faults),
            NginxSyntax.quoted(options.tlsKey(), "--tls-key", faults));
  }

  private static String limits(CreateSettings create) {
    return """

        # As the setting limits.body.
        client_max_body_size %d;
        # A client may pause for so long in the middle of a download.
        send_timeout 600s;
        # Creating a large download takes a while before the first byte of the answer.
        proxy_read_timeout %s;
        proxy_send_timeout 600s;
        # Lading's own archives pass through the first buffer alone, whose size is their speed.
        proxy_buffer_size 64k;
        proxy_buffers 16 64k;
        proxy_busy_buffers_size 128k;
        # An archive that Lading streams itself waits for the client rather than fill this disk.
        proxy_max_temp_file_size 0;
        """
        .formatted(
            create.maxBodyBytes(),
            create.defaultWait().equals(CreateSettings.NO_LIMIT) ? "1d" : "600s");
  }
}
