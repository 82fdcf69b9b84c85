package org.lading;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.config.ConfigurationLoader;
import org.lading.nginx.NginxConfigurationRenderer;
import org.lading.nginx.NginxOptions;
import org.lading.testing.BareObjects;
import org.lading.testing.BareS3;
import org.lading.testing.Http;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.LogLines;
import org.lading.testing.Manifest;
import org.lading.testing.NeedsProgram;
import org.lading.testing.NginxServer;
import org.lading.testing.Redirector;
import org.lading.testing.ScriptedS3.Answer;
import org.lading.testing.ScriptedS3.Request;
import org.lading.testing.SigV4;
import org.lading.testing.Traces;

/**
 * Entries for which nginx comes back to Lading: for a location that is signed at that moment, and
 * for content that the store refused to nginx. The store takes the temporary keys of one moment
 * only, which Lading gets from a service as it does in a container of AWS. In the place of mod_zip
 * stands a location that answers with {@code X-Accel-Redirect}.
 */
@NeedsProgram("nginx")
class NginxEntriesTest {
  private static final String CREDENTIALS = "aws.containerCredentialsFullUri";
  private static final int OBJECTS = 50;
  private static final String SIZE = "of the size that it was listed with";

  @TempDir static Path directory;
  private static final BareObjects objects = new BareObjects();

  /** The presigned requests that the store refused, by their keys. */
  private static final List<String> refused = new CopyOnWriteArrayList<>();

  /** What the store answers to presigned requests in place of an object, by its key. */
  private static volatile Map<String, Answer> faults = Map.of();

  private static final AtomicInteger keys = new AtomicInteger(1);

  /** The end of the session tokens. */
  private static volatile String padding = "";

  static HttpServer credentials;
  static Redirector redirector;
  static BareS3 s3;
  static LadingServer lading;
  static NginxServer nginx;
  static Http http;
  static LogLines log;

  @BeforeAll
  static void start() throws IOException {
    credentials = credentials();
    System.setProperty(CREDENTIALS, "http://127.0.0.1:" + credentials.getAddress().getPort() + "/");
    redirector = new Redirector();
    for (int i = 0; i < OBJECTS; i++) {
      objects.put("d/%02d".formatted(i), "object " + i);
    }
    objects.put("e/changed", SIZE.replace('o', 'a'));
    s3 = new BareS3(NginxEntriesTest::answer);
    log = new LogLines();
    lading =
        LadingServer.start(
            directory,
            "assembler: mod_zip\nroots:\n" + root("auto") + root("early") + root("late"));
    int port = NginxServer.freePort();
    String text =
        NginxConfigurationRenderer.render(
            ConfigurationLoader.load(directory.resolve("lading.yml"), Map.of()),
            NginxOptions.DEFAULTS
                .withApplication(URI.create("http://127.0.0.1:" + lading.port()))
                .withListen("127.0.0.1:" + port, "127.0.0.1:" + NginxServer.freePort()));
    String fetch =
        "location = /fetch { proxy_pass http://127.0.0.1:%d; }\n".formatted(redirector.port());
    nginx = NginxServer.start(text.replaceFirst("location / \\{", fetch + "$0"));
    http = new Http(URI.create("http://127.0.0.1:" + port));
  }

  private static String root(String name) {
    String sign = Map.of("auto", "auto", "early", "manifest", "late", "entry").get(name);
    return """
      - name: %s
        bucket: content
        region: us-east-1
        endpoint: %s
        force_path_style: true
        public: true
        sign: %s
    """
        .formatted(name, s3.endpoint(), sign);
  }

  @AfterAll
  static void stop() throws IOException {
    System.clearProperty(CREDENTIALS);
    http.close();
    nginx.close();
    lading.close();
    log.close();
    s3.close();
    redirector.close();
    credentials.stop(0);
  }

  @BeforeEach
  void forget() {
    faults = Map.of();
    padding = "";
    refused.clear();
    objects.put("e/changed", SIZE.replace('o', 'a'));
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "late"})
  void keysThatEndTwiceWhileAClientReads_areReplacedEntryByEntry(String root) {
    List<Manifest> lines = manifest(root, "d");
    assertThat(lines).hasSize(OBJECTS).allMatch(line -> line.location().startsWith("/entry/"));

    assertThat(fetchedWithThreeKeys(lines)).isEqualTo(contents());

    assertThat(refused).isEmpty();
  }

  @Test
  void archiveOfALink_hasItsEntries_thoughItsIdLeadsNobodyToIt() {
    createWithChecksums("late", "d");
    List<Manifest> lines =
        Manifest.parse(
            Traces.awaited(() -> http.get("/downloads/zip/late/d/"), one -> one.status() == 200)
                .text());
    assertThat(lines).hasSize(OBJECTS).allMatch(line -> line.location().startsWith("/entry/late/"));
    assertThat(fetchedWithThreeKeys(lines)).isEqualTo(contents());
    String page = lines.get(0).location().replaceFirst("/entry(/[^/]+/[^/]+)/.*", "$1/get");
    assertThat(http.get("/downloads" + page).status()).isEqualTo(404);
  }

  @Test
  void keysThatEndTwice_ofAManifestThatWasSignedAtItsBeginning_areReplacedByLadingsOwn() {
    List<Manifest> lines = manifest("early", "d");

    assertThat(fetchedWithThreeKeys(lines)).isEqualTo(contents());

    assertThat(refused).hasSize(OBJECTS - OBJECTS / 3);
  }

  @ParameterizedTest
  @CsvSource({
    "early, 403",
    "early, 301",
    "early, 307",
    "early, 400",
    "early, 404",
    "early, 412",
    "early, 500",
    "early, 503",
    "late, 403",
    "late, 412"
  })
  void objectThatTheStoreRefusesToNginxAlone_isReadByLading(String root, int status) {
    List<Manifest> lines = manifest(root, "d");
    faults = Map.of("d/17", BareObjects.error(status, "Refused"));

    assertThat(lines.stream().map(line -> text(fetch(line))).toList()).isEqualTo(contents());
    Reply part = fetch(lines.get(17), "Range", "bytes=2-6");

    assertThat(refused).containsExactly("d/17", "d/17");
    assertThat(part.status()).isEqualTo(206);
    assertThat(part.header("Content-Range")).isEqualTo("bytes 2-6/9");
    assertThat(part.text()).isEqualTo("ject ");
  }

  @ParameterizedTest
  @CsvSource({"early, 403", "early, 404", "early, 412", "early, 503", "late, 412"})
  void objectThatChanged_andIsRefused_breaksTheArchive(String root, int status) {
    Manifest line = manifest(root, "e").get(0);
    faults = Map.of("e/changed", BareObjects.error(status, "Refused"));
    assertThat(text(fetch(line))).isEqualTo(SIZE.replace('o', 'a'));

    objects.put("e/changed", SIZE);
    Reply replaced = fetch(line);
    objects.remove("e/changed");
    Reply gone = fetch(line);

    assertThat(replaced.status()).as(replaced.toString()).isEqualTo(409);
    assertThat(replaced.text()).doesNotContain(SIZE);
    assertThat(gone.status()).as(gone.toString()).isEqualTo(409);
  }

  @Test
  void entryWithoutACrc32_ofWhichModZipComputesNoneAfterARedirect_isNotRedirected() {
    objects.put("new/a", "content " + keys);
    Manifest late = unknown(create("late", "new"));
    Manifest early = unknown(create("early", "new"));
    faults = Map.of("new/a", BareObjects.error(403, "Refused"));

    String[] reference = late.location().substring("/entry".length()).split("\\?", 2);
    Reply content = direct("/downloads" + reference[0] + "/location", reference[1]);
    assertThat(content.header("X-Accel-Redirect")).isNull();
    assertThat(content.text()).as(late.location()).isEqualTo("content " + keys);
    assertThat(fetch(late).text()).isEqualTo("content " + keys);
    assertThat(early.location()).doesNotContain("/entry/");
    assertThat(fetch(early).status()).isEqualTo(404);
  }

  private static Manifest unknown(Reply created) {
    Manifest line =
        Manifest.parse(http.get("/downloads" + LadingServer.page(created, "get")).text()).get(0);
    assertThat(line.crc32()).isEqualTo("-");
    return line;
  }

  @Test
  void locationThatIsTooLongForAHeader_isReplacedByTheContent() {
    padding = "x".repeat(7_000);
    List<Manifest> lines = manifest("late", "d");

    assertThat(text(fetch(lines.get(7)))).isEqualTo("object 7");
    assertThat(fetch(lines.get(8), "Range", "bytes=7-").text()).isEqualTo("8");
  }

  @Test
  void pagesOfEntries_areForNginxAlone() {
    Reply created = createWithChecksums("late", "d");
    List<Manifest> lines = manifest(created);
    String download = "/downloads" + LadingServer.page(created, "");
    String[] reference = lines.get(3).location().substring("/entry".length()).split("\\?", 2);
    String proof = reference[1];
    String attempt = reference[0].replaceFirst("/3$", "");

    for (String page : List.of("location", "content")) {
      String entry = "/downloads" + attempt + "/3/" + page;
      assertThat(direct(entry, proof).status()).isEqualTo(200);
      assertThat(direct(entry.replace("/3/", "/4/"), proof).status()).isEqualTo(404);
      assertThat(direct(download + "99/3/" + page, proof).status()).isEqualTo(404);
      assertThat(direct(entry.replace("late", "early"), proof).status()).isEqualTo(404);
      assertThat(direct(entry, "AAAAAAAAAAAAAAAAAAAAAA").status()).isEqualTo(404);
      assertThat(http.get(entry).status()).isEqualTo(404);
    }
    assertThat(http.get(lines.get(3).location()).status()).isEqualTo(404);
    assertThat(http.get(download + "manifest").text()).doesNotContain("/entry/");
    assertThat(log.records()).noneMatch(line -> line.contains(proof));
  }

  @Test
  void olderConfiguration_getsNoLocationsThatItDoesNotKnow() {
    Reply created = create("late", "d");
    String manifest = lading.manifest(created, "X-Archive-Locations", "exact");
    assertThat(Manifest.parse(manifest))
        .allMatch(line -> line.location().startsWith("/content/d/"));
  }

  private static Reply direct(String page, String proof) {
    return lading.get(page.substring("/downloads".length()), "X-Archive-Entry-Proof", proof);
  }

  private static List<String> fetchedWithThreeKeys(List<Manifest> lines) {
    return IntStream.range(0, OBJECTS)
        .mapToObj(
            i -> {
              if (i > 0 && i % (OBJECTS / 3) == 0 && i < OBJECTS - 2) {
                keys.incrementAndGet();
              }
              return text(fetch(lines.get(i)));
            })
        .toList();
  }

  private static List<String> contents() {
    return IntStream.range(0, OBJECTS).mapToObj(i -> "object " + i).toList();
  }

  private static Reply create(String root, String path) {
    return lading.create(
        "{'root': '%s', 'targets': [{'type': 'directory', 'path': '%s', 'zip_path': ''}]}"
            .formatted(root, path));
  }

  /** The lines of a download whose checksums are known, since an archive was streamed before. */
  private static List<Manifest> manifest(String root, String path) {
    return manifest(createWithChecksums(root, path));
  }

  private static Reply createWithChecksums(String root, String path) {
    assertThat(lading.get(LadingServer.page(create(root, path), "download")).status())
        .isEqualTo(200);
    return create(root, path);
  }

  private static List<Manifest> manifest(Reply created) {
    List<Manifest> lines =
        Manifest.parse(http.get("/downloads" + LadingServer.page(created, "get")).text());
    assertThat(lines).noneMatch(line -> line.crc32().equals("-"));
    return lines;
  }

  private static Reply fetch(Manifest line, String... headers) {
    return http.get(
        "/fetch",
        Stream.concat(Stream.of("Location-To-Fetch", line.location()), Stream.of(headers))
            .toArray(String[]::new));
  }

  private static String text(Reply reply) {
    return reply.status() == 200 ? reply.text() : reply.toString();
  }

  private static String currentKeys() {
    return """
        {"AccessKeyId": "KEY%1$d", "SecretAccessKey": "secret%1$d", "Token": "%3$s",
         "Expiration": "%2$s"}
        """
        .formatted(keys.get(), Instant.now().plus(Duration.ofSeconds(30)), token());
  }

  private static String token() {
    return "to/ken+" + keys + padding;
  }

  /** Answers what is signed with the keys of this moment. */
  private static Answer answer(Request request) {
    boolean isPresigned = request.query().containsKey("X-Amz-Signature");
    String key = BareObjects.key(request);
    Answer answer = isPresigned ? faults.get(key) : null;
    if (answer == null && !isSigned(request, isPresigned)) {
      answer = BareObjects.error(isPresigned ? 400 : 403, "ExpiredToken");
    }
    if (answer != null && isPresigned) {
      refused.add(key);
    }
    Answer sent = answer == null ? objects.answer(request) : answer;
    return sent.with("Date", BareObjects.date(Instant.now()));
  }

  private static boolean isSigned(Request request, boolean isPresigned) {
    if (!isPresigned) {
      return request.headers().get("Authorization").contains("Credential=KEY" + keys + "/")
          && token().equals(request.headers().get("X-Amz-Security-Token"));
    }
    String query =
        request.query().entrySet().stream()
            .map(pair -> pair.getKey() + "=" + URLEncoder.encode(pair.getValue(), UTF_8))
            .collect(Collectors.joining("&"));
    String host = s3.endpoint().getAuthority();
    return request.headers().get("Host").equals(host)
        && request.query().get("X-Amz-Credential").startsWith("KEY" + keys + "/")
        && token().equals(request.query().get("X-Amz-Security-Token"))
        && SigV4.expected("secret" + keys, host, request.path(), query)
            .equals(request.query().get("X-Amz-Signature"));
  }

  private static HttpServer credentials() throws IOException {
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    HttpServer server = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] bytes = currentKeys().getBytes(UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    return server;
  }
}
