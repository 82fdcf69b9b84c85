package org.lading.nginx;

import java.util.LinkedHashSet;
import java.util.Set;
import org.lading.api.RouteSettings;
import org.lading.config.Configuration;

/** Renders the nginx server for clients. */
final class PublicServerBlock {
  private PublicServerBlock() {}

  /** Returns the server block, with {@code s3Locations} in it. */
  static String render(Configuration configuration, NginxOptions options, String s3Locations) {
    return """

        server {
            listen %s;
            server_name %s;
            # For TLS: listen 443 ssl; ssl_certificate /etc/.../fullchain.pem; and
            # ssl_certificate_key /etc/.../privkey.pem; where TLS ends in front of this nginx, put
            # https in place of $scheme below.

        """
            .formatted(options.publicListen(), serverNames(configuration.routes()))
        + NginxSyntax.indented(
            ProxyDirectives.application(options.exact())
                + limits(configuration.create().maxBodyBytes())
                + application(options)
                + FileLocationBlocks.render(options.exact())
                + s3Locations)
        + "}\n";
  }

  private static String serverNames(RouteSettings routes) {
    Set<String> names = new LinkedHashSet<>();
    if (routes.publicUrl() != null) {
      names.add(routes.publicUrl().getHost());
    }
    routes.hosts().forEach(host -> names.add(host.host()));
    return names.isEmpty() ? "_" : String.join(" ", names);
  }

  private static String limits(long maxBodyBytes) {
    return """

        # As the setting limits.body.
        client_max_body_size %d;
        # A client may pause for so long in the middle of a download.
        send_timeout 600s;
        # Creating a large download takes a while before the first byte of the answer.
        proxy_read_timeout 600s;
        proxy_send_timeout 600s;
        proxy_buffer_size 16k;
        proxy_buffers 16 64k;
        proxy_busy_buffers_size 128k;
        # An archive that Lading streams itself waits for the client rather than fill this disk.
        proxy_max_temp_file_size 0;
        """
        .formatted(maxBodyBytes);
  }

  private static String application(NginxOptions options) {
    String scheme = options.applications().get(0).getScheme();
    return """

        # Java containers cut what follows a ";" out of a path before they look at it, so that
        # "/..;/" would lead to their other applications. No page of Lading has one.
        if ($request_uri ~ "^[^?]*;") {
            return 404;
        }

        location / {
            return 404;
        }

        location ^~ %1$s/ {
            proxy_pass %2$s://lading_app;

            location ~ /get$ {
                proxy_pass %2$s://lading_app;
                # Should a source end before its time, mod_zip goes on: the archive is too short,
                # and a client would wait for the rest until a kept connection times out.
                keepalive_timeout 0;
                # mod_zip puts "max-age=0" in place of the "private" that Lading said. (With an
                # add_header here, none is taken from outside: put others beside it.)
                add_header Cache-Control $lading_archive_caching;
            }
        }

        # Who may create is up to the setting clients. Restricting it here works on top: take the
        # "#" away from these lines, or use auth_basic and the like.
        location = %1$s/create {
            # allow 192.0.2.0/24;
            # deny all;
            proxy_pass %2$s://lading_app;
        }

        # What Lading counts is for those who run it: add the addresses of Prometheus.
        location = %1$s/metrics {
            allow 127.0.0.1;
            allow ::1;
            deny all;
            proxy_pass %2$s://lading_app;
        }
        """
        .formatted(options.contextPath(), scheme);
  }
}
