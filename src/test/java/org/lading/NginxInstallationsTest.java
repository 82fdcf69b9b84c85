package org.lading;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.nginx.NginxOptions;
import org.lading.testing.Certificate;
import org.lading.testing.LadingServer;
import org.lading.testing.Manifest;
import org.lading.testing.NeedsProgram;
import org.lading.testing.NginxFront;
import org.lading.testing.NginxServer;
import org.lading.testing.Programs;
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
  }

  @AfterAll
  static void stop() throws IOException {
    lading.close();
    s3.close();
  }

  @Test
  void ports_ofBothVersionsOfIp() throws Exception {
    try (NginxFront front =
        front(
            "--listen",
            "127.0.0.1:%1$d,[::1]:%1$d",
            "--files-listen",
            "unix:" + directory.resolve("files-ip.sock"))) {
      serves(front, "-g", "http://[::1]:" + front.port());
    }
  }

  @Test
  void plainForm_onPorts() throws Exception {
    String files = "127.0.0.1:" + NginxServer.freePort();
    try (NginxFront front =
        front("--plain", "--listen", "127.0.0.1:%1$d", "--files-listen", files)) {
      assertThat(curl(List.of("http://127.0.0.1:" + front.port() + "/downloads/status")))
          .contains("\"root other\"");
    }
  }

  @Test
  void unixSockets() throws Exception {
    Path socket = directory.resolve("public.sock");
    // The start of nginx is waited for at the port.
    try (NginxFront front =
        front(
            "--listen",
            "127.0.0.1:%1$d,unix:" + socket,
            "--files-listen",
            "unix:" + directory.resolve("files.sock"))) {
      serves(front, "--unix-socket", socket.toString(), "http://localhost");
    }
  }

  @Test
  void tlsWithHttp2() throws Exception {
    Certificate certificate = Certificate.of("localhost", directory);
    try (NginxFront front =
        front(
            "--listen",
            "127.0.0.1:%1$d",
            "--files-listen",
            "unix:" + directory.resolve("files-tls.sock"),
            "--tls-certificate",
            certificate.pem().toString(),
            "--tls-key",
            certificate.key().toString(),
            "--http2")) {
      String url = "https://localhost:" + front.port();
      List<String> door = List.of("--http2", "--cacert", certificate.pem().toString(), url);
      serves(front, door.toArray(String[]::new));
      List<String> version = new ArrayList<>(List.of("-o", "/dev/null", "-w", "%{http_version}"));
      version.addAll(with(door, "/downloads/status"));
      assertThat(curl(version)).isEqualTo("2");
    }
  }

  @Test
  void withoutModZip_ladingMakesTheArchive() throws Exception {
    try (NginxFront front = front("--no-mod-zip", "--listen", "127.0.0.1:%1$d")) {
      List<String> door = List.of("http://127.0.0.1:" + front.port());
      String page = "/downloads" + created(door);
      String archive = curl(with(door, page + "/download"));
      ROOTS.forEach(root -> assertThat(archive).contains("content of " + root));
      // curl follows the redirect.
      assertThat(curl(List.of("-L", door.get(0) + page + "/get"))).hasSameSizeAs(archive);
      assertThat(front.errorLog()).doesNotContain("[error]");
    }
  }

  /** Starts nginx; an option may have {@code %1$d} in the place of its port. */
  private static NginxFront front(String... options) throws IOException {
    return NginxFront.listening(
        directory,
        lading,
        port ->
            NginxOptions.DEFAULTS.with(
                Stream.of(options)
                    .map(option -> option.replace("%1$d", "" + port))
                    .toArray(String[]::new)));
  }

  /** Asks nginx with curl, whose arguments end in the beginning of the URL. */
  private static void serves(NginxFront front, String... arguments) throws Exception {
    List<String> door = List.of(arguments);
    List<Manifest> lines = Manifest.parse(curl(with(door, "/downloads" + created(door) + "/get")));
    assertThat(lines).hasSameSizeAs(ROOTS);
    List<String> all = new ArrayList<>();
    for (Manifest line : lines) {
      all.addAll(all.isEmpty() ? List.of() : List.of("--next", "-s"));
      all.addAll(List.of("-H", "Location-To-Fetch: " + line.location()));
      all.addAll(with(door, "/fetch"));
    }
    assertThat(curl(all))
        .isEqualTo(ROOTS.stream().map(root -> "content of " + root).collect(Collectors.joining()));
    assertThat(front.errorLog()).doesNotContain("[error]", "[warn]");
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
