package org.lading.nginx;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.lading.config.Configuration;
import org.lading.config.ConfigurationException;

/** Renders the nginx configuration for a Lading configuration. */
public final class NginxConfigurationRenderer {
  private NginxConfigurationRenderer() {}

  /**
   * Returns a file to be included in nginx's {@code http {}}.
   *
   * @throws ConfigurationException with everything that nginx cannot express
   */
  public static String render(Configuration configuration, NginxOptions options) {
    List<String> faults = new ArrayList<>();
    String text = header(options) + upstreams(options) + HAND_OVER_MAPS + FORWARDED_FOR_MAP;
    text += options.accessLog() == null ? "" : LOG_FORMAT;
    text += AuditDirectives.format(options, configuration.audit().leftOut());
    if (options.hasModZip()) {
      S3LocationBlocks s3 = new S3LocationBlocks(configuration, options, faults);
      text +=
          MAPS
              + (options.legacyStorage() == null ? "" : LegacyLinks.maps())
              + s3.upstreams()
              + PublicServerBlock.render(
                  configuration,
                  options,
                  FileLocationBlocks.render(options.exact())
                      + EntryLocationBlocks.render(options, options.exact() && s3.hasBuckets())
                      + s3.locations(),
                  faults)
              + FileServerBlock.render(configuration, options, faults);
    } else {
      text += PublicServerBlock.render(configuration, options, "", faults);
    }
    if (!faults.isEmpty()) {
      throw new ConfigurationException(faults.stream().distinct().toList());
    }
    return text;
  }

  private static String header(NginxOptions options) {
    return """
        # nginx in front of Lading. Made from Lading's settings by java -jar downloads.war nginx%s:
        # change the settings or the options, not this file, and make it again. Lines of your own go
        # into the files that are included from lading.d, beside nginx.conf.
        #
        """
            .formatted(options.commandLine())
        + (options.hasModZip() ? INCLUDE_WITH_MOD_ZIP : INCLUDE);
  }

  private static final String INCLUDE_WITH_MOD_ZIP =
      """
      # Include it in http { } of an nginx with mod_zip 1.3.0 or later:
      #
      #   load_module modules/ngx_http_zip_module.so;   # at the top of nginx.conf
      #   http {
      #       include /etc/nginx/lading.conf;
      #   }
      #
      # nginx's workers must be able to read the storage, the files it links to, and every root
      # that is served directly.
      """;

  private static final String INCLUDE =
      """
      # Include it in http { } of nginx.conf:
      #
      #   http {
      #       include /etc/nginx/lading.conf;
      #   }
      """;

  private static final String HAND_OVER_MAPS =
      """

      # An application in this nginx may hand its client over to Lading, with X-Accel-Redirect. The
      # client's cookies and credentials are then the application's alone.
      map $lading_handed_over $lading_cookie {
          volatile;
          default "";
          "" $http_cookie;
      }
      map $lading_handed_over $lading_authorization {
          volatile;
          default "";
          "" $http_authorization;
      }
      # The name of an archive: what such an application has said already, else what Lading says.
      map $sent_http_content_disposition $lading_disposition {
          volatile;
          default "";
          "" $upstream_http_content_disposition;
      }
      """;

  private static final String FORWARDED_FOR_MAP =
      """
      # The addresses that a request came by. Of this machine, what tells them already is this nginx,
      # when it asks itself, or another proxy: its own address is not added, but where it tells none.
      map "$remote_addr $http_x_forwarded_for" $lading_forwarded_for {
          default $proxy_add_x_forwarded_for;
          "~^(?:(?:::ffff:)?127\\.0\\.0\\.1|::1|unix:) ." $http_x_forwarded_for;
      }
      """;

  private static final String LOG_FORMAT =
      """

      # As "combined", without what may have a token: the query, and the Referer.
      map $request_uri $lading_logged_path {
          "~^(?<lading_path>[^?]*)" $lading_path;
      }
      log_format lading_no_query '$remote_addr - $remote_user [$time_local] '
          '"$request_method $lading_logged_path $server_protocol" '
          '$status $body_bytes_sent "-" "$http_user_agent"';
      """;

  private static final String MAPS =
      """

      # Only an archive that mod_zip makes gets a header from here: see Vary below.
      map $upstream_http_x_archive_files $lading_archive_vary {
          default "";
          zip *;
      }

      # mod_zip answers some Range headers otherwise than RFC 9110 asks for, or drops the connection:
      # it gets one range, whose last byte is not before its first. Others are ignored.
      map $http_range $lading_ignores_range {
          default 1;
          "" 0;
          # The first number is longer, or as long and greater.
          "~^bytes=[0-9]+([0-9](?:-|(?1))[0-9])$" 1;
          "~^bytes=(?=([0-9](?:-|(?1))[0-9])$)([0-9]*)(?:1[0-9]*-\\2[0]|2[0-9]*-\\2[01]|3[0-9]*-\\2[0-2]|4[0-9]*-\\2[0-3]|5[0-9]*-\\2[0-4]|6[0-9]*-\\2[0-5]|7[0-9]*-\\2[0-6]|8[0-9]*-\\2[0-7]|9[0-9]*-\\2[0-8])" 1;
          "~^bytes=(?:0|[1-9][0-9]{0,17})-(?:0|[1-9][0-9]{0,17})?$" 0;
          "~^bytes=-(?:0|[1-9][0-9]{0,17})$" 0;
      }
      # The address by which the client has reached this nginx.
      map $server_addr $lading_self {
          default $server_addr:$server_port;
          "~^unix:" $server_addr:;
          "~:" [$server_addr]:$server_port;
      }
      # The address from which nginx asks itself: see $lading_forwarded_for above.
      map $server_addr $lading_self_source {
          default 127.0.0.1;
          "~^unix:" "";
          "~^::ffff:" ::ffff:127.0.0.1;
          "~:" ::1;
      }
      """;

  private static String upstreams(NginxOptions options) {
    String files =
        """
        upstream lading_files {
            server %s;
            keepalive 16;
        }
        """
            .formatted(options.filesListen());
    return """

        upstream lading_app {
        %s    keepalive 16;
        }
        """
            .formatted(
                options.applications().stream()
                    .map(NginxConfigurationRenderer::server)
                    .collect(Collectors.joining()))
        + (options.hasModZip() ? files : "");
  }

  private static String server(URI application) {
    int port = application.getPort();
    if (port < 0) {
      port = "https".equals(application.getScheme()) ? 443 : 80;
    }
    return "    server %s:%d;\n".formatted(application.getHost(), port);
  }
}
