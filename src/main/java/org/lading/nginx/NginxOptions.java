package org.lading.nginx;

import java.lang.module.ModuleDescriptor.Version;
import java.net.URI;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The options of the nginx configuration that the Lading configuration does not have.
 *
 * @param given the values of the options that were given; that of an option without a value is
 *     empty
 */
public record NginxOptions(Map<NginxOption, String> given) {
  // Before DEFAULTS, whose construction uses it.
  /** The first parts of the paths that nginx keeps for itself. */
  private static final Set<String> RESERVED =
      Set.of("internal", "entry", "if-match", "unmodified-since", "16k", "64k", "256k");

  /** The exact form, Tomcat on port 8080 of this machine, mod_zip 1.3 in nginx 1.22. */
  public static final NginxOptions DEFAULTS = new NginxOptions(Map.of());

  /** Throws {@link IllegalArgumentException} for values that nginx would misread. */
  public NginxOptions {
    given = Map.copyOf(given);
    given.forEach(NginxOption::require);
    requireTogether(given, NginxOption.TLS_CERTIFICATE, NginxOption.TLS_KEY);
    requireTogether(given, NginxOption.TLS_KEY, NginxOption.TLS_CERTIFICATE);
    requireTogether(given, NginxOption.HTTP2, NginxOption.TLS_CERTIFICATE);
    requireNotTogether(given, NginxOption.NO_MOD_ZIP, NginxOption.MOD_ZIP);
    requireNotTogether(given, NginxOption.NO_MOD_ZIP, NginxOption.PLAIN);
    requireNotTogether(given, NginxOption.NO_MOD_ZIP, NginxOption.LEGACY_STORAGE);
    requireContextPath(given);
    requireApplications(addresses(given));
    if (given.containsKey(NginxOption.PLAIN)
        && given.containsKey(NginxOption.RESOLVER)
        && !isAtLeast(given, "1.27.3")) {
      throw new IllegalArgumentException(
          "--resolver: the plain form needs nginx 1.27.3 for it: leave --plain out, or give"
              + " --nginx-version");
    }
  }

  private static void requireTogether(
      Map<NginxOption, String> given, NginxOption option, NginxOption other) {
    if (given.containsKey(option) && !given.containsKey(other)) {
      throw new IllegalArgumentException(option.text() + ": needs " + other.text() + " as well");
    }
  }

  private static void requireNotTogether(
      Map<NginxOption, String> given, NginxOption option, NginxOption other) {
    if (given.containsKey(option) && given.containsKey(other)) {
      throw new IllegalArgumentException(other.text() + ": makes no sense with " + option.text());
    }
  }

  private static void requireContextPath(Map<NginxOption, String> given) {
    String path = value(given, NginxOption.CONTEXT_PATH);
    if (RESERVED.contains(path.split("/", -1)[1])) {
      throw new IllegalArgumentException(
          "--context-path: not usable: %s: nginx has its own locations there".formatted(path));
    }
  }

  private static void requireApplications(List<URI> applications) {
    for (URI application : applications) {
      if (!isAddress(application)) {
        throw new IllegalArgumentException(
            "--app: not usable: %s: it is http://HOST:PORT or https, no path"
                .formatted(application));
      }
      if (!Objects.equals(application.getScheme(), applications.get(0).getScheme())) {
        throw new IllegalArgumentException(
            "--app: not usable: %s: the first one has another scheme".formatted(application));
      }
    }
  }

  private static boolean isAddress(URI uri) {
    return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
        && uri.getHost() != null
        && uri.getRawQuery() == null
        && (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"));
  }

  /**
   * Returns these options with others added, or in the place of those that were given before.
   *
   * @param arguments the options as on the command line: {@code "--plain", "--listen", "80"}
   */
  public NginxOptions with(String... arguments) {
    Map<NginxOption, String> values = new EnumMap<>(NginxOption.class);
    values.putAll(given);
    Iterator<String> rest = List.of(arguments).iterator();
    while (rest.hasNext()) {
      String name = rest.next();
      NginxOption option =
          NginxOption.named(name)
              .orElseThrow(() -> new IllegalArgumentException("unknown argument: " + name));
      if (option.hasValue() && !rest.hasNext()) {
        throw new IllegalArgumentException(name + " needs a value");
      }
      values.put(option, option.hasValue() ? rest.next() : "");
    }
    return new NginxOptions(values);
  }

  /** Returns these options with the plain form of S3 locations, or without it. */
  public NginxOptions withExact(boolean exactForm) {
    Map<NginxOption, String> values = new HashMap<>(given);
    values.remove(NginxOption.PLAIN);
    NginxOptions exact = new NginxOptions(values);
    return exactForm ? exact : exact.with("--plain");
  }

  /** Returns these options with other addresses of the application. */
  public NginxOptions withApplication(URI... uris) {
    return with("--app", Stream.of(uris).map(URI::toString).collect(Collectors.joining(",")));
  }

  /** Returns these options with other listening addresses of the public and the file server. */
  public NginxOptions withListen(String forPublic, String forFiles) {
    return with("--listen", forPublic, "--files-listen", forFiles);
  }

  private static String value(Map<NginxOption, String> given, NginxOption option) {
    String value = given.getOrDefault(option, option.byDefault());
    return Objects.requireNonNull(value, option.text());
  }

  private static List<String> list(String value) {
    return List.of(value.split(",", -1));
  }

  private static List<URI> addresses(Map<NginxOption, String> given) {
    return list(value(given, NginxOption.APP)).stream().map(URI::create).toList();
  }

  private static boolean isAtLeast(Map<NginxOption, String> given, String version) {
    Version installed = Version.parse(value(given, NginxOption.NGINX_VERSION));
    return installed.compareTo(Version.parse(version)) >= 0;
  }

  /** Returns whether nginx has at least a version, such as {@code 1.27.3}. */
  boolean isNginxAtLeast(String version) {
    return isAtLeast(given, version);
  }

  /** Returns whether S3 locations have the exact form rather than the plain one. */
  boolean exact() {
    return !given.containsKey(NginxOption.PLAIN);
  }

  /** Returns whether nginx has mod_zip. */
  boolean hasModZip() {
    return !given.containsKey(NginxOption.NO_MOD_ZIP);
  }

  /** Returns what nginx says to Lading that it has, such as {@code mod_zip}; empty without it. */
  String assembler() {
    if (!hasModZip()) {
      return "";
    }
    return value(given, NginxOption.MOD_ZIP).equals("1.4") ? "mod_zip/1.4" : "mod_zip";
  }

  /** Returns the addresses of the application; all have one scheme. */
  List<URI> applications() {
    return addresses(given);
  }

  /** Returns the path at which the application is deployed, such as {@code /downloads}. */
  String contextPath() {
    return value(given, NginxOption.CONTEXT_PATH);
  }

  /** Returns the values of the public server's {@code listen}, without TLS and HTTP/2. */
  List<String> publicListen() {
    return list(given.getOrDefault(NginxOption.LISTEN, tlsCertificate() == null ? "80" : "443"));
  }

  /** Returns the file of the public server's certificate, or null without TLS. */
  @Nullable String tlsCertificate() {
    return given.get(NginxOption.TLS_CERTIFICATE);
  }

  /** Returns the file of the certificate's key; empty without TLS. */
  String tlsKey() {
    return given.getOrDefault(NginxOption.TLS_KEY, "");
  }

  /** Returns whether the public server talks HTTP/2. */
  boolean http2() {
    return given.containsKey(NginxOption.HTTP2);
  }

  /** Returns the addresses and networks that an option allows; empty if it allows all. */
  List<String> allowed(NginxOption option) {
    String value = value(given, option);
    return value.equals("all") ? List.of() : list(value);
  }

  /** Returns the file server's {@code listen}: {@code ADDRESS:PORT} or {@code unix:PATH}. */
  String filesListen() {
    return value(given, NginxOption.FILES_LISTEN);
  }

  /** Returns the name servers that tell the addresses of S3 hosts; empty without any. */
  List<String> resolvers() {
    return Stream.ofNullable(given.get(NginxOption.RESOLVER))
        .flatMap(v -> list(v).stream())
        .toList();
  }

  /** Returns the file of the CA certificates for connections to S3. */
  String trustedCertificates() {
    return value(given, NginxOption.CA_FILE);
  }

  /** Returns the storage directory of medusa-downloader, whose links are served; null without. */
  @Nullable String legacyStorage() {
    return given.get(NginxOption.LEGACY_STORAGE);
  }

  /** Returns the file of the access log of requests that may have a token; null without one. */
  @Nullable String accessLog() {
    return given.get(NginxOption.ACCESS_LOG);
  }

  /** Returns the file of the audit log, or null for none. */
  @Nullable String auditLog() {
    return given.get(NginxOption.AUDIT_LOG);
  }

  /** Returns the options as they are given on the command line, each after a space. */
  String commandLine() {
    StringBuilder out = new StringBuilder();
    new TreeMap<>(given)
        .forEach(
            (option, value) -> {
              out.append(' ').append(option.text());
              if (option.hasValue()) {
                out.append(' ').append(value);
              }
            });
    return out.toString();
  }
}
