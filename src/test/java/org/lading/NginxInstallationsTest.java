package org.lading;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.config.ConfigurationLoader;
import org.lading.nginx.NginxConfigurationRenderer;
import org.lading.nginx.NginxOptions;
import org.lading.testing.Certificate;
import org.lading.testing.LadingServer;
import org.lading.testing.Manifest;
import org.lading.testing.NeedsProgram;
import org.lading.testing.NginxServer;
import org.lading.testing.Programs;
import org.lading.testing.Redirector;
import org.lading.testing.S3Server;

/**
 * One Lading with 40 roots of all kinds before nginx in several installations, each of which has
 * curl create a download, and nginx fetch an entry of each root.
 */
@NeedsProgram({"nginx", "curl"})
class NginxInstallationsTest {
  private static final int DIRECTORIES = 24;
  private static final List<String> BUCKETS =
      List.of("with.dots", "with.dots.x", "plain", "Upper_C");

  @TempDir static Path directory;
  private static S3Server s3;
  private static LadingServer lading;
  private static Redirector redirector;
  private static final List<String> ROOTS = new ArrayList<>();

  @BeforeAll
  static void start() throws IOException {
    s3 = new S3Server();
    StringBuilder settings = new StringBuilder("roots:\n");
    for (int i = 0; i < DIRECTORIES; i++) {
      Path root = Files.createDirectories(directory.resolve("root " + i));
      Files.writeString(root.resolve("a+b"), "content of d" + i);
      String form = "  - {name: d%d, path: 'root %d', serve: %s}\n";
      settings.append(form.formatted(i, i, i % 2 == 0 ? "direct" : "links"));
      ROOTS.add("d" + i);
    }
    for (String bucket : BUCKETS) {
      s3.createBucket(bucket);
      for (int i = 0; i < 4; i++) {
        String name = "%s-%d".formatted(bucket, i);
        s3.put(bucket, "prefix" + i + "/a+b", ("content of " + name).getBytes(UTF_8));
        settings.append(
            """
              - name: %s
                bucket: %s
                prefix: prefix%d
                endpoint: %s
                force_path_style: true
                aws_access_key_id: %s
                aws_secret_access_key: %s
            """
                .formatted(name, bucket, i, s3.endpoint(), s3.accessKeyId(), s3.secretAccessKey()));
        ROOTS.add(name);
      }
    }
    // Other credentials for a bucket that a root above has, which the store does not take.
    settings.append(
        """
          - name: other
            bucket: plain
            endpoint: %s
            force_path_style: true
            aws_access_key_id: another
            aws_secret_access_key: secret
        """
            .formatted(s3.endpoint()));
    lading = LadingServer.start(directory, settings.toString());
    redirector = new Redirector();
  }

  @AfterAll
  static void stop() throws IOException {
    redirector.close();
    lading.close();
    s3.close();
  }

  @Test
  void ports_ofBothVersionsOfIp() throws Exception {
    int port = NginxServer.freePort();
    serves(
        List.of("-g", "http://[::1]:" + port),
        "--listen",
        "127.0.0.1:%d,[::1]:%d".formatted(port, port),
        "--files-listen",
        "unix:" + directory.resolve("files-ip.sock"));
  }

  @Test
  void plainForm_onPorts() throws Exception {
    int port = NginxServer.freePort();
    String configuration =
        generated(
            "--plain",
            "--listen",
            "127.0.0.1:" + port,
            "--files-listen",
            "127.0.0.1:" + NginxServer.freePort());
    assertThat(NginxServer.check(configuration)).startsWith("0 ").doesNotContain("[warn]");
    try (NginxServer nginx = NginxServer.start(configuration)) {
      assertThat(curl(List.of("http://127.0.0.1:" + port + "/downloads/status")))
          .contains("\"root other\"");
      assertThat(nginx.pid()).isPositive();
    }
  }

  @Test
  void unixSockets() throws Exception {
    Path socket = directory.resolve("public.sock");
    // The start of nginx is waited for at the port.
    serves(
        List.of("--unix-socket", socket.toString(), "http://localhost"),
        "--listen",
        "127.0.0.1:%d,unix:%s".formatted(NginxServer.freePort(), socket),
        "--files-listen",
        "unix:" + directory.resolve("files.sock"));
  }

  @Test
  void tlsWithHttp2() throws Exception {
    Certificate certificate = Certificate.of("localhost", directory);
    int port = NginxServer.freePort();
    serves(
        List.of("--http2", "--cacert", certificate.pem().toString(), "https://localhost:" + port),
        "--listen",
        "127.0.0.1:" + port,
        "--files-listen",
        "unix:" + directory.resolve("files-tls.sock"),
        "--tls-certificate",
        certificate.pem().toString(),
        "--tls-key",
        certificate.key().toString(),
        "--http2");
  }

  @Test
  void withoutModZip_ladingMakesTheArchive() throws Exception {
    int port = NginxServer.freePort();
    String configuration = generated("--no-mod-zip", "--listen", "127.0.0.1:" + port);
    assertThat(NginxServer.check(configuration)).startsWith("0 ").doesNotContain("[warn]");
    try (NginxServer nginx = NginxServer.start(configuration)) {
      List<String> door = List.of("http://127.0.0.1:" + port);
      String page = "/downloads" + created(door);
      String archive = curl(with(door, page + "/download"));
      ROOTS.forEach(root -> assertThat(archive).contains("content of " + root));
      // curl follows the redirect.
      assertThat(curl(List.of("-L", door.get(0) + page + "/get"))).hasSameSizeAs(archive);
      assertThat(nginx.errorLog()).doesNotContain("[error]");
    }
  }

  /** Asks nginx with curl, whose arguments end in the beginning of the URL. */
  private static void serves(List<String> door, String... options) throws Exception {
    String configuration = generated(options);
    assertThat(NginxServer.check(configuration))
        .startsWith("0 ")
        .contains("test is successful")
        .doesNotContain("[warn]");
    try (NginxServer nginx = NginxServer.start(configuration)) {
      List<Manifest> lines =
          Manifest.parse(curl(with(door, "/downloads" + created(door) + "/get")));
      assertThat(lines).hasSameSizeAs(ROOTS);
      List<String> all = new ArrayList<>();
      for (Manifest line : lines) {
        all.addAll(all.isEmpty() ? List.of() : List.of("--next", "-s"));
        all.addAll(List.of("-H", "Location-To-Fetch: " + line.location()));
        all.addAll(with(door, "/fetch"));
      }
      assertThat(curl(all))
          .isEqualTo(
              ROOTS.stream().map(root -> "content of " + root).collect(Collectors.joining()));
      if (door.contains("--http2")) {
        List<String> version = new ArrayList<>(List.of("-o", "/dev/null", "-w", "%{http_version}"));
        version.addAll(with(door, "/downloads/status"));
        assertThat(curl(version)).isEqualTo("2");
      }
      assertThat(nginx.errorLog()).doesNotContain("[error]", "[warn]");
    }
  }

  private static String generated(String... options) {
    String fetch =
        "location = /fetch { proxy_pass http://127.0.0.1:%d; }\n".formatted(redirector.port());
    return NginxConfigurationRenderer.render(
            ConfigurationLoader.load(directory.resolve("lading.yml"), Map.of()),
            NginxOptions.DEFAULTS
                .with(options)
                .withApplication(URI.create("http://127.0.0.1:" + lading.port())))
        .replaceFirst("location / \\{", fetch + "$0");
  }

  /** The path of a download, made through nginx with a file of each root. */
  private static String created(List<String> door) throws Exception {
    String targets =
        IntStream.range(0, ROOTS.size())
            .mapToObj(
                i ->
                    "{\"type\": \"file\", \"root\": \"%s\", \"path\": \"a+b\", \"name\": \"%d\"}"
                        .formatted(ROOTS.get(i), i))
            .collect(Collectors.joining(","));
    List<String> arguments = new ArrayList<>(List.of("-H", "Prefer: wait=60", "-d"));
    arguments.add("{\"root\": \"d0\", \"targets\": [" + targets + "]}");
    arguments.addAll(with(door, "//downloads/create"));
    String answer = curl(arguments);
    assertThat(answer).contains("\"status\":\"ok\"");
    return answer.replaceFirst("(?s).*\"download_url\":\"[^\"]*/downloads([^\"]*)/\\w+\".*", "$1");
  }

  private static List<String> with(List<String> door, String path) {
    List<String> arguments = new ArrayList<>(door);
    arguments.set(door.size() - 1, door.get(door.size() - 1) + path);
    return arguments;
  }

  private static String curl(List<String> arguments) throws Exception {
    List<String> command =
        new ArrayList<>(List.of(Programs.HERE.get("curl").toString(), "-s", "--path-as-is"));
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as("%s: %s", command, said).isZero();
    return said;
  }
}
