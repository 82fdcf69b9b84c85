package org.lading.nginx.check;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.base.Digests;
import org.lading.config.ConfigurationLoader;
import org.lading.nginx.NginxConfigurationRenderer;
import org.lading.nginx.NginxOptions;
import org.lading.testing.Certificate;
import org.lading.testing.Documents;
import org.lading.testing.LadingServer;
import org.lading.testing.ManifestAssembler;
import org.lading.testing.NeedsProgram;
import org.lading.testing.NginxServer;
import org.lading.testing.S3Server;

/**
 * The check of an installation with a real nginx, into whose generated configuration one fault is
 * put. In mod_zip's place stands an assembler of manifests.
 */
@NeedsProgram("nginx")
@SuppressWarnings("try") // nginx is only started and closed.
class CheckCommandTest {
  private static final String BUCKET = "medusa-content";

  private static final String TOKEN = "a token of the test";
  private static final String[] BEARER = {"Authorization", "Bearer " + TOKEN};

  @TempDir static Path directory;
  static Certificate certificate;
  static Certificate another;
  static S3Server s3;
  static NginxServer s3Tls;
  static int refusingPort;
  static LadingServer lading;

  @BeforeAll
  static void start() throws IOException {
    // As where installations are: nginx's own user passes through.
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    for (String file : List.of("root/d/a+b.txt", "closed/file.txt")) {
      Path path = directory.resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, "file");
      Files.setLastModifiedTime(path, FileTime.from(Instant.now().minus(Duration.ofDays(1))));
    }
    Files.setPosixFilePermissions(
        directory.resolve("closed"), PosixFilePermissions.fromString("rwx------"));
    certificate = Certificate.of("localhost", directory);
    another = Certificate.of("another.example.org", directory);
    certificate.trust();
    s3 = new S3Server();
    s3.createBucket(BUCKET);
    s3.put(BUCKET, "pre/plain.txt", "object".getBytes(UTF_8));
    int s3Port = NginxServer.freePort();
    refusingPort = NginxServer.freePort();
    s3Tls =
        NginxServer.start(
            tlsProxy(s3Port, s3.endpoint()) + refusingProxy(refusingPort, s3.endpoint()));
    lading =
        LadingServer.start(
            directory,
            """
            clients:
              - {name: check, token_sha256: %s}
            roots:
              - {name: linked, path: root}
              - {name: direct, path: root, serve: direct}
              - {name: closed, path: closed, serve: direct}
              - name: s3
                bucket: %s
                prefix: pre
                endpoint: https://localhost:%d
                force_path_style: true
                aws_access_key_id: %s
                aws_secret_access_key: %s
            """
                .formatted(
                    HexFormat.of().formatHex(Digests.sha256().digest(TOKEN.getBytes(UTF_8))),
                    BUCKET,
                    s3Port,
                    s3.accessKeyId(),
                    s3.secretAccessKey()));
    // The first call of a store takes long; a status that says so is kept for some seconds.
    lading.create("{'root': 's3', 'targets': [{'type': 'file', 'path': 'plain.txt'}]}", BEARER);
  }

  private static String tlsProxy(int port, URI to) {
    return """
        server {
            listen 127.0.0.1:%d ssl;
            %s
            location / {
                proxy_pass %s;
                proxy_set_header Host $http_host;
            }
        }
        """
        .formatted(port, certificate.directives(), to);
  }

  /** A store that refuses every object that is asked for by a tag, though it is the object's. */
  private static String refusingProxy(int port, URI to) {
    return """
        server {
            listen 127.0.0.1:%d;
            location / {
                if ($http_if_match) {
                    return 412;
                }
                proxy_pass %s;
                proxy_set_header Host $http_host;
            }
        }
        """
        .formatted(port, to);
  }

  @AfterAll
  static void stop() throws IOException {
    Certificate.trustAsUsual();
    lading.close();
    s3Tls.close();
    s3.close();
  }

  private record Result(int exit, List<String> lines) {
    List<String> faults() {
      return lines.stream().filter(line -> line.startsWith("fault")).toList();
    }
  }

  /** Runs the check through an nginx with mod_zip, whose configuration a fault has changed. */
  private static Result check(UnaryOperator<String> fault, String... more) throws IOException {
    return check(options(), fault, more);
  }

  private static Result check(NginxOptions options, UnaryOperator<String> fault, String... more)
      throws IOException {
    int port = NginxServer.freePort();
    try (ManifestAssembler assembler = new ManifestAssembler(lading.port(), false);
        NginxServer nginx =
            NginxServer.start(fault.apply(assembler.into(generated(port, options))))) {
      return run("http://127.0.0.1:" + port, more);
    }
  }

  private static NginxOptions options(String... arguments) {
    return NginxOptions.DEFAULTS.with(arguments).with("--ca-file", certificate.pem().toString());
  }

  private static String generated(int port, NginxOptions options) throws IOException {
    return generated(port, lading.port(), options);
  }

  private static String generated(int port, int application, NginxOptions options)
      throws IOException {
    return generated(directory, port, application, options);
  }

  private static String generated(Path settings, int port, int application, NginxOptions options)
      throws IOException {
    return NginxConfigurationRenderer.render(
        ConfigurationLoader.load(settings.resolve("lading.yml"), Map.of()),
        options
            .withApplication(URI.create("http://127.0.0.1:" + application))
            .withListen("127.0.0.1:" + port, "127.0.0.1:" + NginxServer.freePort()));
  }

  /** Replaces all of a text that must be there. */
  private static UnaryOperator<String> replacing(String before, String after) {
    return text -> {
      assertThat(text).contains(before);
      return text.replace(before, after);
    };
  }

  /** Runs the check, but does not wait for a second to end, so that the version is not told. */
  private static Result run(String address, String... more) {
    return run(() -> {}, address, more);
  }

  private static Result run(Runnable pause, String address, String... more) {
    return run(directory, pause, address, more);
  }

  private static Result run(Path settings, Runnable pause, String address, String... more) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    List<String> arguments =
        new ArrayList<>(
            List.of("--check", address, "--config", settings.resolve("lading.yml").toString()));
    if (!List.of(more).contains("--token")) {
      arguments.addAll(List.of("--token", TOKEN));
    }
    arguments.addAll(List.of(more));
    PrintStream text = new PrintStream(out, true, UTF_8);
    int exit = CheckCommand.run(arguments, Map.of(), pause, new CheckCommand.Streams(text, text));
    return new Result(exit, out.toString(UTF_8).lines().toList());
  }

  @Test
  void goodInstallation_hasNoFault_andNothingIsUnknownButTls() throws IOException {
    Result result = check(text -> text, "--write");

    assertThat(result.faults()).isEmpty();
    assertThat(result.exit()).isZero();
    assertThat(result.lines())
        .filteredOn(line -> !line.startsWith("ok") && !line.contains("mod_zip version"))
        .hasSize(1);
    assertThat(result.lines())
        .contains(
            "unknown TLS: the address is not https",
            "ok      mod_zip: /get gives an archive",
            "ok      root linked: nginx reads it (1 files)",
            "ok      root s3, keys: nginx fetches objects with every awkward character in their keys");
    assertThat(s3Keys()).containsExactly("pre/plain.txt");
  }

  @Test
  void withoutTheRightToWrite_tellsWhatIsUnknown() throws IOException {
    Result result = check(text -> text);

    assertThat(result.exit()).isZero();
    assertThat(result.lines())
        .anyMatch(line -> line.startsWith("unknown root s3, keys: no object was found with space"))
        .anyMatch(line -> line.startsWith("unknown root s3, changes: "));
  }

  @Test
  void nginxThatClaimsNoModule_hasNoFault() throws IOException {
    int port = NginxServer.freePort();
    try (NginxServer nginx = NginxServer.start(generated(port, options("--no-mod-zip")))) {
      Result result = run("http://127.0.0.1:" + port);

      assertThat(result.exit()).isZero();
      assertThat(result.lines())
          .contains("ok      mod_zip: it is not claimed: /get leads to Lading's own archive")
          .filteredOn(line -> !line.startsWith("ok"))
          .hasSize(1);
    }
  }

  @Test
  void newerModule_andTls_areSeen() throws IOException {
    int port = NginxServer.freePort();
    NginxOptions tls =
        options(
            "--tls-certificate", certificate.pem().toString(),
            "--tls-key", certificate.key().toString());
    try (ManifestAssembler assembler = new ManifestAssembler(lading.port(), true);
        NginxServer nginx = NginxServer.start(assembler.into(generated(port, tls)))) {
      Result result = run(CheckCommand::pause, "https://localhost:" + port, "--write");

      assertThat(result.exit()).isZero();
      assertThat(result.lines())
          .allMatch(line -> line.startsWith("ok"))
          .anyMatch(line -> line.startsWith("ok      TLS: this Java trusts the certificate"))
          .anyMatch(line -> line.contains("entries have times that stay"));
    }
  }

  @Test
  void options_areInTheDocument() {
    Set<String> taken =
        Pattern.compile("--[a-z-]+")
            .matcher(CheckCommand.USAGE)
            .results()
            .map(MatchResult::group)
            .collect(Collectors.toSet());
    assertThat(
            Documents.byCode(Documents.table("docs/install.md", "<!-- check options -->")).keySet())
        .isEqualTo(taken);
  }

  @Test
  void noModule_isFound() throws IOException {
    int port = NginxServer.freePort();
    try (NginxServer nginx = NginxServer.start(generated(port, options()))) {
      assertFault(run("http://127.0.0.1:" + port), "mod_zip", "load mod_zip");
    }
  }

  @Test
  void plainForm_isFound() throws IOException {
    NginxOptions plain = options("--plain");
    assertFault(check(plain, text -> text, "--write"), "root s3", "without --plain");
  }

  @Test
  void unreadableRoot_isFound() throws IOException {
    assumeTrue(NginxServer.canStartAsAnother());
    int port = NginxServer.freePort();
    try (ManifestAssembler assembler = new ManifestAssembler(lading.port(), false);
        NginxServer nginx =
            NginxServer.startAs("nobody root", assembler.into(generated(port, options())))) {
      assertFault(
          run("http://127.0.0.1:" + port),
          "root closed",
          "closed has the mode rwx------: allow the user of nginx's workers to pass through it");
    }
  }

  @Test
  void changeThatIsNotNoticed_isFound() throws IOException {
    assertFault(
        check(replacing("X-Archive-Locations guarded", "X-Archive-Locations exact"), "--write"),
        "root s3, changes",
        "generate the configuration of nginx anew");
  }

  @Test
  void storeThatRefusesItsOwnTags_isFound() throws IOException {
    Path settings = Files.createDirectories(directory.resolve("refusing"));
    URI store = URI.create("http://127.0.0.1:" + refusingPort);
    String roots = s3.root(BUCKET).replace(s3.endpoint().toString(), store.toString());
    int port = NginxServer.freePort();
    try (LadingServer own = LadingServer.start(settings, "roots:\n" + roots);
        ManifestAssembler assembler = new ManifestAssembler(own.port(), false);
        NginxServer nginx =
            NginxServer.start(
                assembler.into(generated(settings, port, own.port(), NginxOptions.DEFAULTS)))) {
      Result result = run(settings, () -> {}, "http://127.0.0.1:" + port, "--write");
      assertFault(result, "root s3, changes", "by its own ETag (412)", "guard: false");
      assertThat(result.lines()).contains("ok      root s3: nginx fetches its objects (2)");
    }
  }

  @Test
  void wrongCaForTheStore_isFound() throws IOException {
    NginxOptions options = NginxOptions.DEFAULTS.with("--ca-file", another.pem().toString());
    assertFault(check(options, text -> text), "root s3", "does not trust the CA", "--ca-file");
  }

  @Test
  void bodyTooSmall_isFound() throws IOException {
    assertFault(
        check(replacing("client_max_body_size 67108864;", "client_max_body_size 1m;")),
        "body size",
        "set client_max_body_size");
  }

  @Test
  void openInternal_isFound() throws IOException {
    assertFault(
        check(replacing("location ^~ /internal/ {\n        internal;", "location ^~ /internal/ {")),
        "internal locations",
        "/internal/");
  }

  @Test
  void openBucket_isFound() throws IOException {
    String location = "/(?<lading_bucket>medusa-content)(?<lading_key>/.*)$' {";
    assertFault(
        check(replacing(location + "\n        internal;", location)),
        "internal locations",
        "/medusa-content/");
  }

  @Test
  void directoryThatNginxDoesNotSee_isFound() throws IOException {
    String alias = "alias \"" + directory.resolve("root") + "/\";";
    assertFault(
        check(replacing(alias, alias.replace("root/", "gone/"))),
        "root direct",
        "location /internal/roots/direct/ is not generated from these settings");
  }

  @Test
  void missingDirectory_isFound() throws IOException {
    Path away = Files.move(directory.resolve("closed"), directory.resolve("away"));
    try {
      assertFault(check(text -> text), "root closed", "closed does not exist");
    } finally {
      Files.move(away, directory.resolve("closed"));
    }
  }

  @Test
  void linksThatNginxRefuses_areFound() throws IOException {
    assertFault(
        check(replacing("disable_symlinks off;", "disable_symlinks on;")),
        "root linked",
        "disable_symlinks must be off");
  }

  @Test
  void rangesThatDoNotArrive_areFound() throws IOException {
    String last = "proxy_set_header Accept-Encoding \"\";\n    # What";
    Result result = check(replacing(last, "proxy_set_header Range \"\";\n    " + last));
    assertThat(result.faults()).hasSize(2);
    assertThat(result.faults().get(0)).startsWith("fault   ranges: /download answers a Range");
    assertThat(result.faults().get(1)).startsWith("fault   ranges: /get answers a Range");
  }

  @Test
  void malformedRangesThatReachTheModule_areFound() throws IOException {
    assertFault(
        check(replacing("if ($lading_ignores_range)", "if ($arg_none)")),
        "ranges, malformed",
        "bytes=10-5 or bytes=0-0,10-5 or bytes=abc or items=0-5: generate");
  }

  @Test
  void metrics_openToAnAddressInANetwork_isTold() throws IOException {
    int port = NginxServer.freePort();
    List<InetAddress> addresses =
        OperatorPagesQuestion.addresses().stream().filter(Inet4Address.class::isInstance).toList();
    String listen = "listen 127.0.0.1:" + port + ";";
    String more =
        addresses.stream()
            .map(address -> "listen " + address.getHostAddress() + ":" + port + ";")
            .collect(Collectors.joining("\n"));
    String text = generated(port, options("--no-mod-zip")).replace(listen, listen + more);
    try (NginxServer nginx = NginxServer.start(text)) {
      assertThat(run("http://127.0.0.1:" + port).lines())
          .anyMatch(line -> line.startsWith("ok      metrics: /metrics is open to this machine"))
          .anyMatch(line -> line.startsWith("ok      status page: /status is open to this machine"))
          .anyMatch(line -> line.startsWith("ok      status: Lading says that all of its parts"));
    }
    // A machine without a network has nothing that could be open.
    assertThat(text).contains("deny all;");
    try (NginxServer nginx = NginxServer.start(text.replace("deny all;", ""))) {
      assertThat(run("http://127.0.0.1:" + port).lines())
          .anyMatch(
              line ->
                  addresses.isEmpty()
                      ? line.startsWith("ok      metrics: ")
                      : line.startsWith("unknown metrics: /metrics is open to this machine")
                          && line.contains(addresses.get(0).getHostAddress()));
    }
  }

  @Test
  void wrongHost_isFound() throws IOException {
    assertFault(
        check(replacing("Host $http_host;", "Host other.example.org;")),
        "URLs",
        "clients are sent to http://other.example.org",
        "nginx_url");
  }

  @Test
  void redirect_isFound() throws IOException {
    String semicolons = "if ($request_uri ~";
    assertFault(
        check(replacing(semicolons, "return 301 https://$host$request_uri; " + semicolons)),
        "address",
        "a redirect to https://127.0.0.1/downloads/status");
  }

  @Test
  void anotherServersAnswer_isFound() throws IOException {
    assertFault(
        check(
            text ->
                text.replace("location ^~ /downloads/ {", "location ^~ /elsewhere/ {")
                    .replace("location = /downloads/ {", "location = /elsewhere/ {")),
        "address",
        "--context-path");
  }

  @Test
  void storeThatNginxDoesNotReach_isFound() throws IOException {
    Result result =
        check(
            text ->
                text.replaceFirst(
                    "server localhost:\\d+;", "server 127.0.0.1:" + freePort() + ";"));
    assertFault(result, "root s3", "it does not reach localhost:");
  }

  @Test
  void wrongToken_isFound_andNoTokenIsUnknown() throws IOException {
    Result wrong = check(text -> text, "--token", "another");
    assertFault(wrong, "create", "status 401", "--token");
    assertThat(wrong.lines()).anyMatch(line -> line.startsWith("unknown mod_zip, storage, roots"));
  }

  @Test
  void fileServerThatIsDown_isFound() throws IOException {
    Result result =
        check(
            text ->
                text.replaceFirst(
                    "(upstream lading_files \\{\\s+server )[^;]+", "$1127.0.0.1:" + freePort()));
    assertFault(result, "storage", "--files-listen");
    assertThat(result.lines()).contains("unknown root direct: nginx has to read the storage first");
  }

  @Test
  void applicationThatIsDown_isFound() throws IOException {
    int port = NginxServer.freePort();
    try (NginxServer nginx = NginxServer.start(generated(port, freePort(), options()))) {
      assertFault(run("http://127.0.0.1:" + port), "address", "status 502", "--app");
    }
  }

  @Test
  void nothingAtTheAddress_isFound() {
    assertFault(run("http://127.0.0.1:" + freePort()), "address", "nothing accepts the connection");
  }

  @Test
  void certificateThatJavaDoesNotTrust_isFound() throws IOException {
    assertTlsFault(another, "does not trust the CA");
  }

  @Test
  void certificateForAnotherName_isFound() throws IOException {
    another.trust();
    try {
      assertTlsFault(another, "the certificate is for another name");
    } finally {
      certificate.trust();
    }
  }

  private static void assertTlsFault(Certificate shown, String words) throws IOException {
    int port = NginxServer.freePort();
    String text = generated(port, options());
    String listen = "listen 127.0.0.1:" + port;
    try (NginxServer nginx =
        NginxServer.start(text.replace(listen, listen + " ssl;" + shown.directives() + "#"))) {
      assertFault(run("https://localhost:" + port), "address", words);
    }
  }

  @Test
  void wrongArguments_answerTwo() {
    assertThat(run("gopher://x").exit()).isEqualTo(2);
    assertThat(run("http://localhost", "--nonsense").exit()).isEqualTo(2);
    assertThat(run("http://localhost", "--token").lines()).contains("--token needs a value");
  }

  /** Asserts that this fault is the only one. */
  private static void assertFault(Result result, String subject, String... words) {
    assertThat(result.faults()).as(String.join("\n", result.lines())).hasSize(1);
    assertThat(result.faults().get(0)).startsWith("fault   " + subject + ": ").contains(words);
    assertThat(result.exit()).isEqualTo(1);
  }

  private static int freePort() {
    try {
      return NginxServer.freePort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> s3Keys() {
    return s3.keys(BUCKET);
  }
}
