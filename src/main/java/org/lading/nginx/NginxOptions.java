package org.lading.nginx;

import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The options of the nginx configuration that the Lading configuration does not have.
 *
 * @param exact whether S3 locations have the exact form rather than the plain one
 * @param applications the addresses of the application, on one node or several: {@code
 *     http://HOST:PORT} or https, no path; all of one scheme
 * @param publicListen the public server's {@code listen}, such as {@code 80} or {@code [::]:80}
 * @param filesListen the file server's {@code listen}: {@code ADDRESS:PORT} or {@code unix:PATH}
 * @param contextPath the path at which the application is deployed, such as {@code /downloads}
 * @param trustedCertificates the file of the CA certificates for connections to S3
 */
public record NginxOptions(
    boolean exact,
    List<URI> applications,
    String publicListen,
    String filesListen,
    String contextPath,
    String trustedCertificates) {

  // Before DEFAULTS, whose construction uses them.
  private static final Pattern CONTEXT_PATH = Pattern.compile("(/[A-Za-z0-9._-]+)+");
  private static final Pattern PUBLIC_LISTEN = Pattern.compile("[A-Za-z0-9.:\\[\\]_ =*-]+");
  // A port alone would open the file server to the network.
  private static final Pattern FILES_LISTEN =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9.-]+):\\d+|unix:/[A-Za-z0-9._/-]+");

  /** The exact form, Tomcat on port 8080 of this machine, ports 80 and 8081. */
  public static final NginxOptions DEFAULTS =
      new NginxOptions(
          true,
          List.of(URI.create("http://127.0.0.1:8080")),
          "80",
          "127.0.0.1:8081",
          "/downloads",
          "/etc/ssl/certs/ca-certificates.crt");

  /** Throws {@link IllegalArgumentException} for values that nginx would misread. */
  public NginxOptions {
    require(CONTEXT_PATH.matcher(contextPath).matches(), "contextPath", contextPath);
    require(PUBLIC_LISTEN.matcher(publicListen).matches(), "publicListen", publicListen);
    require(FILES_LISTEN.matcher(filesListen).matches(), "filesListen", filesListen);
    require(!applications.isEmpty(), "list of applications", "none");
    for (URI application : applications) {
      require(isAddress(application), "application", application.toString());
      require(
          application.getScheme().equals(applications.get(0).getScheme()),
          "application, the first one has another scheme",
          application.toString());
    }
    applications = List.copyOf(applications);
  }

  private static boolean isAddress(URI uri) {
    return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
        && uri.getHost() != null
        && uri.getRawQuery() == null
        && (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"));
  }

  /** Returns these options with another form of S3 locations. */
  public NginxOptions withExact(boolean exactForm) {
    return new NginxOptions(
        exactForm, applications, publicListen, filesListen, contextPath, trustedCertificates);
  }

  /** Returns these options with other addresses of the application. */
  public NginxOptions withApplication(URI... uris) {
    return new NginxOptions(
        exact, List.of(uris), publicListen, filesListen, contextPath, trustedCertificates);
  }

  /** Returns these options with other listening addresses of the public and the file server. */
  public NginxOptions withListen(String forPublic, String forFiles) {
    return new NginxOptions(
        exact, applications, forPublic, forFiles, contextPath, trustedCertificates);
  }

  /** Returns these options with another context path. */
  public NginxOptions withContextPath(String path) {
    return new NginxOptions(
        exact, applications, publicListen, filesListen, path, trustedCertificates);
  }

  /** Returns these options with another file of CA certificates. */
  public NginxOptions withTrustedCertificates(String file) {
    return new NginxOptions(exact, applications, publicListen, filesListen, contextPath, file);
  }

  private static void require(boolean condition, String what, String value) {
    if (!condition) {
      throw new IllegalArgumentException("not a usable " + what + ": " + value);
    }
  }
}
