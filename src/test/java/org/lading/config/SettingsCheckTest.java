package org.lading.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.store.Database;
import org.lading.testing.Documents;
import org.lading.testing.NginxServer;
import org.lading.testing.S3Server;

class SettingsCheckTest {
  private static final String SAMPLES = "src/test/resources/org/lading/config/ancestor/";
  private static final Duration LONG = Duration.ofMinutes(1);

  /** What the samples have where nobody may look. */
  private static final List<String> SECRETS =
      List.of(
          "mail-password", "id-of-a-key", "secret-of-a-key", "queue-password", "users-password");

  /** In the samples; a port at which nothing listens is put after it. */
  private static final String BROKER = "  host: 127.0.0.1\n";

  @TempDir Path directory;

  private Path files;
  private Path storage;

  @BeforeEach
  void makeDirectories() throws IOException {
    files = directory.resolve("files");
    storage = Files.createDirectory(directory.resolve("storage"));
    for (String root : List.of("theses", "scans", "trial")) {
      Files.createDirectories(files.resolve(root));
    }
  }

  private record Result(boolean isGood, List<String> lines) {
    List<String> of(String kind) {
      return lines.stream()
          .filter(line -> line.startsWith(kind))
          .map(line -> line.substring(kind.length()).strip())
          .toList();
    }

    /** The one finding about a subject. */
    String about(String subject) {
      return lines.stream()
          .filter(line -> line.matches("\\w+ +" + Pattern.quote(subject) + ": .*"))
          .collect(Collectors.joining("\n"));
    }
  }

  private Result check(String settings, boolean explains, Duration maxTime) throws IOException {
    Path file = Files.writeString(directory.resolve("lading.yml"), settings);
    List<String> lines = new ArrayList<>();
    boolean good =
        new SettingsCheck(file, Map.of("VARIABLE", "value"), maxTime, lines::add).run(explains);
    return new Result(good, lines);
  }

  private Result check(String settings) throws IOException {
    return check(settings, false, LONG);
  }

  private String sample(String name) throws IOException {
    return Files.readString(Path.of(SAMPLES + name + ".yml"))
        .replace("/srv/collections", files.toString())
        .replace("/srv/storage", storage.toString())
        .replace(BROKER, BROKER + "  port: %d\n".formatted(NginxServer.freePort()));
  }

  private String minimal() {
    return "storage: %s\nroots:\n  - {name: files, path: %s}\n".formatted(storage, files);
  }

  /** What is passed over, by the key. */
  private static Map<String, String> passed(Result result) {
    Map<String, String> passed = new TreeMap<>();
    for (String line : result.of("passed")) {
      String[] parts = line.split(": ", 3);
      assertThat(parts[0]).as(line).matches("lading\\.yml:[0-9]+");
      passed.put(parts[1], parts[2]);
    }
    return passed;
  }

  @ParameterizedTest
  @ValueSource(strings = {"demo", "development", "production", "test"})
  void settingsOfTheAncestor_load_andTheCheckTellsWhatIsPassedOver(String name) throws IOException {
    Result result = check(sample(name), true, LONG);

    Map<String, String> passed = passed(result);
    assertThat(passed.remove("nginx_url") != null).isEqualTo(name.equals("demo"));
    String users = passed.remove("auth.users");
    boolean hasUsers = users == null;
    assertThat(hasUsers).isEqualTo(name.equals("development") || name.equals("test"));
    boolean hasMessages = !name.equals("demo");
    for (String key : List.of("amqp", "incoming_queue")) {
      assertThat(passed.remove(key) == null).isEqualTo(hasMessages);
    }
    assertThat(result.isGood()).isEqualTo(!hasMessages);
    assertThat(result.of("fault"))
        .hasSize(hasMessages ? 1 : 0)
        .allMatch(line -> line.startsWith("broker: amqp") && line.contains("refused"));
    assertThat(passed).containsOnlyKeys("admin_email", "smtp", "s3_common");
    assertThat(passed.get("smtp")).contains("sends no mail");
    if (hasUsers) {
      assertThat(result.about("clients")).isEmpty();
    } else {
      assertThat(users).contains("lets everybody create");
      assertThat(result.about("clients")).startsWith("advice").contains("nobody may create until");
    }
    assertThat(result.about("compatibility")).startsWith("advice");
    assertThat(result.about("dead_letter_queue").startsWith("advice")).isEqualTo(hasMessages);
    assertThat(result.about("storage")).contains("--legacy-storage", " bytes are free");
    assertThat(result.about("nginx_url").isEmpty()).isEqualTo(!name.equals("demo"));
    assertThat(result.about("root theses"))
        .startsWith("ok")
        .contains(files + "/theses can be read");
    assertThat(result.about("who may create"))
        .contains(hasUsers ? ": portal (by password; all roots)" : ": nobody")
        .matches(line -> hasMessages == line.endsWith("to the queue client_to_downloader"));
    assertThat(result.lines())
        .anyMatch(
            line ->
                line.startsWith(
                    "clients = %s (default): "
                        .formatted(hasUsers ? "the users of auth" : "nobody")));
    assertThat(String.join("\n", result.lines()))
        .contains("roots[1].path = " + files + "/theses/ (lading.yml:")
        .doesNotContain(SECRETS);
  }

  @Test
  void ownSettings_getNoAdviceForAMove() throws IOException {
    Result result =
        check(minimal() + "nginx_url: https://files.example.org\nclients: open\n", false, LONG);
    assertThat(result.isGood()).isTrue();
    assertThat(result.of("advice")).singleElement().asString().startsWith("user: ");
    assertThat(result.of("passed")).isEmpty();
    assertThat(result.about("who may create")).endsWith(": everybody");
  }

  @Test
  void faults_haveTheirLinesAndSuggestions_andAreNotTheEnd() throws IOException {
    Result result = check(minimal() + "smtp: {}\nretention_day: 3\ncreate_wait: soon\n");
    assertThat(result.isGood()).isFalse();
    assertThat(result.of("fault"))
        .containsExactly(
            "settings: lading.yml:5: retention_day: unknown key; did you mean retention_days?",
            "settings: lading.yml:6: create_wait: must be seconds, or a time like 30m, 12h or 7d");
    assertThat(passed(result)).containsOnlyKeys("smtp");
    assertThat(result.about("the system")).startsWith("unknown");
  }

  @Test
  void explanation_hasEverySettingOnce_withItsSource_andNoSecret() throws IOException {
    String settings =
        """
        storage: %s
        nginx_url: https://files.example.org/
        cors_origins: [https://a.example.org, https://b.example.org]
        database: {url: "jdbc:postgresql://u:hidden-0@127.0.0.1:1/x?password=hidden-1", user: u, password: hidden-2}
        roots:
          - {name: files, path: %s, public: true}
          - {name: bucket, bucket: the-content, endpoint: "http://127.0.0.1:1",
             aws_access_key_id: hidden-3, aws_secret_access_key: hidden-4, aws_session_token: hidden-5}
        retention_days: ${DAYS:-30}
        compatibility: medusa-downloader
        webhooks: {allow: ["https://app.example.org/hooks"]}
        clients:
          - {name: one, token_sha256: %s, webhook_secret: whsec_aGlkZGVuIGhpZGRlbiBoaWRkZW4gaGlkZGVu}
          - name: two
            secrets: {a: hidden-7 hidden-7 hidden-7 hidden-7}
            password: hidden-8
          - {name: three, digest_ha1: [bbbb0000bbbb0000bbbb0000bbbb0000]}
        auth: {users: {four: hidden-9}}
        """
            .formatted(storage, files, "b".repeat(64));
    Result result = check(settings, true, LONG);

    List<String> explained = result.lines().stream().filter(l -> l.contains(" = ")).toList();
    assertThat(explained)
        .contains(
            "retention_days = 30 (lading.yml:9): days until a download expires, 1 to 3650",
            "limits.work = 20000000 (default): the most steps of preparing one download, see"
                + " docs/configuration.md",
            "cors_origins = [https://a.example.org, https://b.example.org] (lading.yml:3): the"
                + " origins whose pages may create downloads and whose scripts may read the answers,"
                + " https://app.example.org, see docs/configuration.md")
        .anyMatch(line -> line.endsWith(", see checksums (docs/operations.md)"))
        .anyMatch(line -> line.startsWith("names = portable (default): "))
        .anyMatch(line -> line.startsWith("create_wait = as long as it takes (default): "))
        .anyMatch(line -> line.startsWith("database.directory = " + storage + "/database ("))
        .anyMatch(line -> line.startsWith("database.url = jdbc:postgresql://127.0.0.1:1/x ("))
        .anyMatch(line -> line.startsWith("roots[1].aws_access_key_id = (set) (lading.yml:8)"))
        .anyMatch(line -> line.startsWith("roots[0].serve = links (default)"))
        .anyMatch(line -> line.startsWith("clients[1].secrets = (set)"))
        .noneMatch(line -> line.startsWith("roots[1].serve") || line.startsWith("roots[0].bucket"));
    assertThat(String.join("\n", result.lines())).doesNotContain("hidden", "bbbb", "aGlkZGVu");
    assertThat(result.about("webhooks"))
        .endsWith("one may name addresses below https://app.example.org/hooks");
    assertThat(result.about("public roots")).contains("files: everybody");

    List<String> paths = explained.stream().map(line -> line.split(" = ", 2)[0]).toList();
    assertThat(paths).doesNotHaveDuplicates();
    assertThat(paths.stream().map(path -> path.replaceAll("\\[[0-9]]", "[]")).toList())
        .containsAll(
            Documents.byCode(Documents.table("docs/configuration.md", "<!-- settings -->"))
                .keySet())
        .containsAll(
            Documents.byCode(Documents.table("docs/configuration.md", "### Settings of a root"))
                .keySet());
  }

  @Test
  void roots_areAskedAtOnce_andOneThatHangsHoldsUpNothing() throws Exception {
    try (S3Server s3 = new S3Server();
        ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      s3.createBucket("content");
      String hanging = "http://127.0.0.1:" + silent.getLocalPort();
      Result result =
          check(
              minimal()
                  + s3.root("content")
                  + s3.root("none").replace("name: s3", "name: no-bucket")
                  + s3.root("content")
                      .replace("name: s3", "name: wrong-key")
                      .replace(s3.secretAccessKey(), "another-secret")
                  + s3.root("silent-1")
                      .replace("name: s3", "name: silent-1")
                      .replace(s3.endpoint().toString(), hanging)
                  + s3.root("silent-2")
                      .replace("name: s3", "name: silent-2")
                      .replace(s3.endpoint().toString(), hanging)
                  + "  - {name: gone, path: /nowhere/at/all}\n"
                  + "  - {name: a-file, path: %s}\n".formatted(directory.resolve("lading.yml")),
              false,
              Duration.ofSeconds(5));

      assertThat(result.isGood()).isFalse();
      assertThat(result.about("root files")).startsWith("ok");
      assertThat(result.about("root s3")).startsWith("ok").contains("bucket content can be read");
      assertThat(result.about("root no-bucket")).startsWith("fault").contains("none");
      assertThat(result.about("root wrong-key")).startsWith("fault").contains("ignature");
      assertThat(result.about("root silent-1"))
          .isEqualTo("fault   root silent-1: no answer in 5 seconds");
      assertThat(result.about("root silent-2")).contains("no answer in 5 seconds");
      assertThat(result.about("root gone")).contains("there is no directory /nowhere/at/all");
      assertThat(result.about("root a-file")).contains("is no directory");
      assertThat(String.join("\n", result.lines())).doesNotContain("another-secret");
    }
  }

  @Test
  void embeddedDatabase_isLookedAt_andNothingIsMadeOrChanged() throws IOException {
    assertThat(check(minimal()).about("database")).startsWith("ok").contains("will be made in");
    assertThat(contents(storage)).isEmpty();

    Path database = storage.resolve("database");
    try (Database open = Database.openEmbedded(database)) {
      assertThat(open.dataSource()).isNotNull();
      assertThat(check(minimal()).about("database"))
          .startsWith("ok")
          .contains("which a running Lading uses", "as they should");
    }
    Map<String, Long> before = contents(storage);
    assertThat(check(minimal()).about("database"))
        .startsWith("ok")
        .contains("as they should")
        .doesNotContain("uses");
    assertThat(contents(storage)).isEqualTo(before);

    Files.writeString(database.resolve("lading.db"), "no database of SQLite, but some other text");
    assertThat(check(minimal()).about("database")).startsWith("fault").contains("lading.db");
  }

  private static Map<String, Long> contents(Path directory) throws IOException {
    Map<String, Long> sizes = new TreeMap<>();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        sizes.put(
            directory.relativize(file) + " " + Files.getLastModifiedTime(file), Files.size(file));
      }
    }
    return sizes;
  }

  @Test
  void fileOfTheAuditLog_isAFault_ifItCannotBeMade_andIsNotMade() throws IOException {
    String settings = minimal() + "audit: {file: log/audit.jsonl}\n";
    Result missing = check(settings);
    assertThat(missing.isGood()).isFalse();
    assertThat(missing.about("audit")).startsWith("fault").contains("log is no directory: make it");

    Path log = Files.createDirectory(directory.resolve("log"));
    assertThat(check(settings).about("audit")).startsWith("ok").endsWith("jsonl can be made");
    assertThat(log).isEmptyDirectory();
    Files.writeString(log.resolve("audit.jsonl"), "");
    assertThat(check(settings).about("audit")).startsWith("ok").endsWith("jsonl can be written");

    assertThat(check(settings.replace("/audit.jsonl", "")).about("audit"))
        .startsWith("fault")
        .endsWith("log is a directory");
    assertThat(check(minimal()).about("audit")).isEmpty();
  }

  @Test
  void storageInsideAFile_isAFault() throws IOException {
    Files.writeString(directory.resolve("taken"), "");
    Result result = check(minimal().replace("storage: " + storage, "storage: taken/storage"));
    assertThat(result.about("storage")).startsWith("fault").contains("taken is no directory");
    assertThat(result.about("database")).startsWith("fault");
  }

  @Test
  void arguments_areHeldToTheUsage() throws IOException {
    Path good = Files.writeString(directory.resolve("good.yml"), minimal() + "clients: open\n");
    Path bad = Files.writeString(directory.resolve("bad.yml"), "storage: /x\n");
    assertThat(run("--check", good.toString())).isZero();
    assertThat(run("--explain", "--check", good.toString())).isZero();
    assertThat(run("--check", bad.toString())).isEqualTo(1);
    assertThat(run("--check", directory.resolve("none.yml").toString())).isEqualTo(1);
    assertThat(run("--help")).isZero();
    for (String wrong :
        List.of("", "--check", "--explain", "--check --explain", "good.yml", "-c x")) {
      assertThat(run(wrong.isEmpty() ? new String[0] : wrong.split(" "))).as(wrong).isEqualTo(2);
    }
  }

  private static int run(String... arguments) {
    PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, UTF_8);
    return Main.run(List.of(arguments), Map.of(), nowhere, nowhere);
  }
}
