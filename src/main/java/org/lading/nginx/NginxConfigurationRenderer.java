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
    String text = header(options) + upstreams(options);
    if (options.hasModZip()) {
      S3LocationBlocks s3 = new S3LocationBlocks(configuration, options, faults);
      text +=
          CACHING
              + s3.upstreams()
              + PublicServerBlock.render(
                  configuration,
                  options,
                  FileLocationBlocks.render(options.exact()) + s3.locations(),
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
        # nginx in front of Lading. Made from Lading's settings by org.lading.nginx.Main%s:
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

  private static final String CACHING =
      """

      # Only an archive that mod_zip makes gets a header from here: see Cache-Control below.
      map $upstream_http_x_archive_files $lading_archive_caching {
          default "";
          zip private;
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
