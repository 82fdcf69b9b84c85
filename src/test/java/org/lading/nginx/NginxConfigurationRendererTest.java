package org.lading.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.access.AccessSettings;
import org.lading.access.Clients;
import org.lading.api.AssemblerSettings;
import org.lading.api.AssemblerSettings.Assembler;
import org.lading.api.Authority;
import org.lading.api.RouteSettings;
import org.lading.api.create.CreateSettings;
import org.lading.audit.AuditSettings;
import org.lading.config.Configuration;
import org.lading.config.ConfigurationException;
import org.lading.config.ConfigurationLoader;
import org.lading.config.DatabaseSettings;
import org.lading.download.PreparationSettings;
import org.lading.limit.LimitSettings;
import org.lading.link.LinkSettings;
import org.lading.manifest.ManifestSettings;
import org.lading.manifest.StoredContents;
import org.lading.manifest.names.NamePolicy;
import org.lading.request.RequestForm;
import org.lading.request.RequestRules;
import org.lading.root.RootSettings;
import org.lading.root.filesystem.FilesystemRootSettings;
import org.lading.root.filesystem.FilesystemRootSettings.Serve;
import org.lading.root.s3.S3RootSettings;
import org.lading.testing.NeedsProgram;
import org.lading.testing.NginxServer;
import org.lading.webhook.WebhookSettings;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

class NginxConfigurationRendererTest {
  private static final NginxOptions EXACT = NginxOptions.DEFAULTS;
  private static final NginxOptions PLAIN = EXACT.withExact(false);

  static Configuration configuration(Path storage, RootSettings... roots) {
    return configuration(
        new RouteSettings(URI.create("https://files.example.org"), List.of(), List.of()),
        storage,
        roots);
  }

  private static Configuration configuration(
      RouteSettings routes, Path storage, RootSettings... roots) {
    return new Configuration(
        List.of(roots),
        storage,
        routes,
        new DatabaseSettings(Path.of("/s/database"), null, null, null, null),
        new AssemblerSettings(Assembler.AUTO, 25_000),
        14,
        new ManifestSettings(
            5_000_000,
            Long.MAX_VALUE,
            true,
            false,
            NamePolicy.REFUSE,
            0,
            StoredContents.Place.STORAGE),
        new CreateSettings(
            64L << 20,
            new RequestRules(1_000_000, RequestForm.OWN, NamePolicy.REFUSE),
            Duration.ofSeconds(10)),
        new AccessSettings(Set.of(), Clients.CLOSED, "Lading", Duration.ofDays(7)),
        new LinkSettings(Duration.ofHours(1)),
        new PreparationSettings(20_000_000, Duration.ofHours(1)),
        new WebhookSettings(List.of()),
        AuditSettings.DEFAULTS,
        null,
        LimitSettings.NONE,
        null);
  }

  private static String render(NginxOptions options, RootSettings... roots) {
    return NginxConfigurationRenderer.render(
        configuration(Path.of("/var/lib/lading"), roots), options);
  }

  private static S3RootSettings s3(
      String bucket, @Nullable String region, @Nullable String endpoint, boolean forcePathStyle) {
    URI uri = endpoint == null ? null : URI.create(endpoint);
    return S3RootSettings.builder("name-of-" + bucket, bucket)
        .region(region)
        .credentials("key-id", "secret-key")
        .endpoint(uri)
        .pathStyle(forcePathStyle || S3RootSettings.needsPathStyle(bucket, uri))
        .build();
  }

  private static FilesystemRootSettings direct(String path, boolean followSymlinks) {
    return new FilesystemRootSettings("files", Path.of(path), followSymlinks, Serve.DIRECT);
  }

  @Test
  void createsThatWaitWithoutLimit_areNotCutOffByNginx(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("lading.yml");
    String settings = "storage: s\nroots: [{name: a, path: /a}]\n";
    Files.writeString(file, settings);
    assertThat(NginxConfigurationRenderer.render(ConfigurationLoader.load(file, Map.of()), PLAIN))
        .contains("proxy_read_timeout 600s;");
    Files.writeString(file, settings + "compatibility: medusa-downloader\n");
    assertThat(NginxConfigurationRenderer.render(ConfigurationLoader.load(file, Map.of()), PLAIN))
        .contains("proxy_read_timeout 1d;")
        .doesNotContain("proxy_read_timeout 600s;");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-plain"})
  void committedFile_isWhatTheGeneratorWrites(String form) throws IOException {
    Configuration production =
        ConfigurationLoader.load(Path.of("conf-examples/production.yml"), Map.of());

    assertThat(NginxConfigurationRenderer.render(production, form.isEmpty() ? EXACT : PLAIN))
        .isEqualTo(Files.readString(Path.of("nginx/lading" + form + ".conf")));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          content,  us-east-2,  -,                       false, https, content.s3.us-east-2.amazonaws.com,     443,  ''
          content,  us-east-1,  -,                       false, https, content.s3.us-east-1.amazonaws.com,     443,  ''
          content,  cn-north-1, -,                       false, https, content.s3.cn-north-1.amazonaws.com.cn, 443,  ''
          con.tent, us-east-2,  -,                       false, https, s3.us-east-2.amazonaws.com,             443,  /con.tent
          content,  us-east-2,  -,                       true,  https, s3.us-east-2.amazonaws.com,             443,  /content
          content,  -,          http://127.0.0.1:9000,   false, http,  127.0.0.1,                              9000, /content
          content,  -,          https://s3.example.org/b, false, https, content.s3.example.org,                443,  /b
          content,  eu-x,       http://s3.example.org/b, true,  http,  s3.example.org,                         80,   /b/content
          """)
  void bucket_isMappedToTheHostOfItsUrls(
      String bucket,
      @Nullable String region,
      @Nullable String endpoint,
      boolean forcePathStyle,
      String scheme,
      String host,
      int port,
      String path) {
    S3RootSettings root = s3(bucket, region, endpoint, forcePathStyle);
    String hostHeader = port == 9000 ? host + ":9000" : host;
    String upstream = "lading_s3_" + host + "_" + port;

    assertThat(render(EXACT, root))
        .contains("/(?<lading_bucket>" + bucket.replace(".", "\\.") + ")(?<lading_key>/.*)$' {")
        .contains(mapped(bucket, scheme + "://" + upstream + path))
        .contains(mapped(bucket, hostHeader))
        .contains(mapped(bucket, host))
        .contains("upstream " + upstream + " {\n    server " + host + ":" + port + ";")
        .contains("X-Archive-Locations guarded;")
        .doesNotContain("key-id", "secret-key");
    assertThat(render(PLAIN, root))
        .contains("location ^~ /" + bucket + "/ {")
        .contains("proxy_pass " + scheme + "://" + upstream + path + "/;")
        .contains("X-Archive-Locations \"\";");
    assertThat(render(EXACT, root).contains("proxy_ssl_verify on;")).isEqualTo(port == 443);
  }

  private static String mapped(String bucket, String value) {
    return "\n    ~^%s$ \"%s\";\n".formatted(bucket.replace(".", "\\."), value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "us-east-1",
        "eu-central-1",
        "cn-north-1",
        "us-gov-west-1",
        "eusc-de-east-1",
        "us-iso-east-1",
        "us-isob-east-1",
        "eu-isoe-west-1",
        "us-isof-south-1"
      })
  void hostOfARegion_isTheSdksRegionalOne(String region) {
    for (boolean pathStyle : List.of(true, false)) {
      S3Host host = Objects.requireNonNull(S3Host.of(s3("content", region, null, pathStyle)));

      assertThat(host.scheme() + "://" + host.hostHeader() + host.path() + "/key")
          .isEqualTo(presigned(region, pathStyle));
    }
  }

  private static String presigned(String region, boolean pathStyle) {
    try (S3Presigner presigner =
        S3Presigner.builder()
            .region(Region.of(region))
            // As root.s3 does: by itself the SDK takes the old global host in us-east-1.
            .endpointOverride(
                URI.create(
                    "https://s3."
                        + region
                        + "."
                        + Region.of(region).metadata().partition().dnsSuffix()))
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))
            .serviceConfiguration(
                S3Configuration.builder().pathStyleAccessEnabled(pathStyle).build())
            .build()) {
      return presigner
          .presignGetObject(
              presign ->
                  presign
                      .signatureDuration(Duration.ofMinutes(1))
                      .getObjectRequest(get -> get.bucket("content").key("key")))
          .url()
          .toString()
          .replaceFirst("\\?.*", "");
    }
  }

  @Test
  void serverName_isTheHostOfTheUrlAndThoseOfTheSetting() {
    assertThat(render(EXACT, direct("/srv", false))).contains("server_name files.example.org;");
    assertThat(serverNames("https://files.example.org", "intern:8080", "Files.Example.Org"))
        .contains("server_name files.example.org intern;");
    assertThat(serverNames(null, "[::1]")).contains("server_name [::1];");
    assertThat(serverNames(null)).contains("server_name _;");
  }

  private static String serverNames(@Nullable String url, String... hosts) {
    RouteSettings routes =
        new RouteSettings(
            url == null ? null : URI.create(url),
            Stream.of(hosts).map(Authority::parse).toList(),
            List.of());
    return NginxConfigurationRenderer.render(
        configuration(routes, Path.of("/var/lib/lading"), direct("/srv", false)), EXACT);
  }

  @Test
  void rootsOfOneBucket_shareALocation() {
    String text =
        render(EXACT, s3("content", null, null, false), s3("content", "us-east-2", null, false));

    assertThat(text).contains("<lading_bucket>content)").doesNotContain("content|content");
  }

  @Test
  void bucketsOfOneHost_shareAnUpstream() {
    String endpoint = "http://127.0.0.1:9000";

    assertThat(render(EXACT, s3("one", null, endpoint, true), s3("two", null, endpoint, true)))
        .containsOnlyOnce("upstream lading_s3_127.0.0.1_9000 {");
  }

  @Test
  void whatNginxCannotBeTold_isRefusedTogether() {
    assertThatThrownBy(
            () ->
                render(
                    EXACT,
                    s3("nowhere", null, null, false),
                    s3("downloads", "us-east-2", null, false),
                    direct("/srv/$HOME", true),
                    new FilesystemRootSettings("other", Path.of("/srv/a\nb"), false, Serve.DIRECT)))
        .isInstanceOfSatisfying(
            ConfigurationException.class,
            e ->
                assertThat(e.faults())
                    .containsExactly(
                        "root name-of-downloads: the bucket downloads is named like the"
                            + " application's path",
                        "root name-of-nowhere: nginx needs to know the bucket's host: give the root"
                            + " its region (or endpoint)",
                        "root files: path: nginx cannot be told a path with a dollar sign",
                        "root other: path: nginx cannot be told a path with a control character"));
  }

  @Test
  void linkedRoot_withAnyPath_needsNothingOfNginx() {
    assertThat(
            render(EXACT, new FilesystemRootSettings("files", Path.of("/$x"), false, Serve.LINKS)))
        .doesNotContain("/internal/roots/files");
  }

  @NeedsProgram("nginx")
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void generatedConfiguration_isAcceptedByNginx_withoutWarnings(boolean exact) throws IOException {
    NginxOptions options =
        EXACT
            .withExact(exact)
            .withListen(
                "127.0.0.1:" + NginxServer.freePort(), "127.0.0.1:" + NginxServer.freePort());
    String hostile = "/srv/a b;c{d}e\"f'g\\h#i/Ünï";
    String text =
        NginxConfigurationRenderer.render(
            configuration(
                Path.of(hostile),
                direct(hostile, false),
                new FilesystemRootSettings("all", Path.of("/"), true, Serve.DIRECT),
                s3("with.dot", null, "https://127.0.0.1", false),
                s3("Upper_Case", null, "http://127.0.0.1:9000/base", true),
                s3("ipv6", null, "http://[::1]:9000", false),
                s3("content", "us-east-2", "http://127.0.0.1:9000", true)),
            options);

    assertThat(NginxServer.check(text))
        .startsWith("0 ")
        .contains("test is successful")
        .doesNotContain("[warn]", "[emerg]");
  }

  @Test
  void newerNginx_isToldInItsOwnWords() {
    NginxOptions tls = EXACT.with("--tls-certificate", "/c", "--tls-key", "/k", "--http2");
    assertThat(render(tls)).contains("listen 443 ssl http2;").doesNotContain("http2 on;");
    assertThat(render(tls.with("--nginx-version", "1.25.1")))
        .contains("listen 443 ssl;", "http2 on;");
    NginxOptions named = EXACT.with("--resolver", "127.0.0.53,[::1]:5353");
    S3RootSettings root = s3("content", "us-east-2", null, false);
    String host = "content.s3.us-east-2.amazonaws.com";
    assertThat(render(named, root))
        .contains("resolver 127.0.0.53 [::1]:5353;", "https://" + host + ":443")
        .doesNotContain("upstream lading_s3_");
    assertThat(render(named.with("--nginx-version", "1.27.3"), root))
        .contains(
            """
            upstream lading_s3_%1$s_443 {
                zone lading_s3_%1$s_443 64k;
                resolver 127.0.0.53 [::1]:5353;
                resolver_timeout 5s;
                server %1$s:443 resolve;
                keepalive 16;
            }
            """
                .formatted(host));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --files-listen 8081             | --files-listen: not usable: 8081: whoever reaches
          --files-listen 10.0.0.1:8081    | --files-listen: not usable: 10.0.0.1:8081: whoever reaches
          --files-listen *:8081           | --files-listen: not usable
          --files-listen [::]:8081        | --files-listen: not usable
          --files-listen 127.0.0.1:80;    | --files-listen: not usable
          --listen 80;}                   | --listen: not usable
          --context-path /                | --context-path: not usable
          --context-path /internal        | --context-path: not usable: /internal: nginx has its own
          --context-path /internal/x      | --context-path: not usable
          --context-path /if-match        | --context-path: not usable
          --app http://a:8080/downloads   | --app: not usable: http://a:8080/downloads: it is http
          --app http://a,https://b        | --app: not usable: https://b: the first one has another
          --app http://a,                 | --app: not usable
          --tls-certificate /c            | --tls-certificate: needs --tls-key as well
          --tls-key /k                    | --tls-key: needs --tls-certificate as well
          --http2                         | --http2: needs --tls-certificate as well
          --no-mod-zip --mod-zip 1.4      | --mod-zip: makes no sense with --no-mod-zip
          --no-mod-zip --plain            | --plain: makes no sense with --no-mod-zip
          --mod-zip 2                     | --mod-zip: not usable: 2: it is 1.3
          --allow-create 10.0.0.1;        | --allow-create: not usable
          --allow-status somebody         | --allow-status: not usable
          --allow-metrics 10.0.0.1,       | --allow-metrics: not usable
          --resolver ns.example.org       | --resolver: not usable
          --plain --resolver 127.0.0.53   | --resolver: the plain form needs nginx 1.27.3
          --legacy-storage var/old        | --legacy-storage: not usable: var/old: it is an absolute
          --no-mod-zip --legacy-storage / | --legacy-storage: makes no sense with --no-mod-zip
          --nginx-version new             | --nginx-version: not usable
          --nonsense                      | unknown argument: --nonsense
          --app                           | --app needs a value
          """)
  void options_refuseWhatCannotBeMeant(String arguments, String sentence) {
    assertThatThrownBy(() -> EXACT.with(arguments.split(" ", -1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(sentence);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--files-listen 127.0.0.2:9",
        "--files-listen [::1]:8081",
        "--files-listen unix:/run/f.sock",
        "--files-listen localhost:8081",
        "--listen 80,[::]:80",
        "--listen 443 --http2" + " --tls-certificate /c --tls-key /k",
        "--allow-create 10.0.0.0/8,2001:db8::/32,unix:",
        "--resolver 127.0.0.53,[::1]:5353",
        "--plain --resolver 10.0.0.2 --nginx-version 1.27.3"
      })
  void options_takeWhatIsMeant(String arguments) {
    assertThat(EXACT.with(arguments.split(" ", -1)).given()).isNotEmpty();
  }
}
