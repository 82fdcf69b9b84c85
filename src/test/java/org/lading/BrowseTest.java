package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.nginx.NginxOptions;
import org.lading.testing.HostileNames;
import org.lading.testing.Http;
import org.lading.testing.Http.Reply;
import org.lading.testing.Jwt;
import org.lading.testing.LadingServer;
import org.lading.testing.NeedsProgram;
import org.lading.testing.NginxFront;
import org.lading.testing.RawFiles;
import org.lading.testing.S3Server;
import org.lading.testing.Traces;

/** Browsing and picking over HTTP, as a browser without scripts does it, and as programs do. */
class BrowseTest {
  private static final String BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8";
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String TOKEN = "a-token-of-some-length";
  private static final String SECRET = "a secret of someone that is long enough";

  @TempDir static Path directory;
  private static S3Server store;
  private static LadingServer server;

  @BeforeAll
  static void start() {
    Path root = directory.resolve("root");
    write("a.txt", "aaa");
    write("b & c/d.txt", "dddd");
    write("b & c/deep/e.txt", "e");
    write("b & c/deep/f.txt", "ff");
    write("secret-looking/x", "x");
    RawFiles.makeDirectories(root.resolve("empty"));
    for (int i = 0; i < 1203; i++) {
      write("many/f%04d".formatted(i), "");
    }
    RawFiles.write(directory.resolve("closed/hidden.txt"), new byte[3]);
    RawFiles.write(directory.resolve("closed/a/b/c/d.txt"), new byte[4]);
    store = new S3Server();
    store.createBucket("content");
    for (int i = 0; i < 30; i++) {
      store.put("content", "pre/d%02d/x".formatted(i), new byte[2]);
      store.put("content", "pre/f%02d".formatted(i), new byte[i]);
    }
    server =
        LadingServer.start(
            directory,
            """
            roots:
              - {name: main, path: root, public: true}
              - {name: closed, path: closed}
            """
                + store.root("content")
                + """
                    prefix: pre
                    public: true
                clients:
                  - {name: someone, token_sha256: %s, secret: "%s", roots: [closed]}
                """
                    .formatted(sha256(TOKEN), SECRET));
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
    store.close();
  }

  @Test
  void roots_thatMayBeBrowsed_areListed() {
    assertThat(roots(server.get("/"))).containsExactly("main", "s3");
    assertThat(roots(server.get("/", "Authorization", "Bearer " + TOKEN)))
        .containsExactly("main", "closed", "s3");
    Reply page = server.get("/", "Accept", BROWSER);
    assertThat(links(page)).containsExactly("browse/main/", "browse/s3/", "openapi.json");
    assertThat(page.header("Content-Security-Policy")).contains("form-action 'none'");
  }

  @Test
  void directory_isAPageForBrowsers_withDirectoriesFirst() {
    Reply page = server.get("/browse/main/", "Accept", BROWSER);

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.header("Content-Type")).isEqualTo("text/html;charset=UTF-8");
    assertThat(page.header("Content-Security-Policy"))
        .contains("default-src 'none'", "form-action 'self'")
        .doesNotContain("unsafe");
    assertThat(page.header("Vary")).isEqualTo("Accept, Accept-Language");
    assertThat(values(page))
        .containsExactly(
            "directory=b%20%26%20c",
            "directory=empty", "directory=many", "directory=secret-looking", "file=a.txt");
    assertThat(links(page)).contains("../../browse/main/b%20%26%20c/", "../../");
    assertThat(page.text()).contains("<time datetime=").contains("3 bytes");
  }

  @Test
  void directory_isJsonForPrograms() {
    Reply reply = server.get("/browse/main/b%20%26%20c");

    assertThat(reply.json().get("root").asText()).isEqualTo("main");
    assertThat(reply.json().get("path").asText()).isEqualTo("b & c");
    assertThat(reply.json().get("next").isNull()).isTrue();
    JsonNode deep = reply.json().get("entries").get(0);
    assertThat(deep.get("type").asText()).isEqualTo("directory");
    assertThat(deep.get("path").asText()).isEqualTo("b & c/deep");
    JsonNode file = reply.json().get("entries").get(1);
    assertThat(file.get("name").asText()).isEqualTo("d.txt");
    assertThat(file.get("size").asLong()).isEqualTo(4);
    assertThat(file.has("modified")).isTrue();
    assertThat(reply.header("Vary")).isEqualTo("Accept");
  }

  @Test
  void pages_ofALargeDirectory_leadThroughAllOfIt_andBack() {
    Set<String> seen = new LinkedHashSet<>();
    String address = "/browse/main/many/";
    Reply page = server.get(address, "Accept", BROWSER);
    seen.addAll(values(page));
    assertThat(seen).hasSize(500);
    for (int i = 0; i < 2; i++) {
      address = below(address, link(page, "Next page"));
      page = server.get(address, "Accept", BROWSER);
      seen.addAll(values(page));
    }
    assertThat(seen).hasSize(1203);
    assertThat(page.text()).doesNotContain("Next page");

    Reply previous = server.get(below(address, link(page, "Previous page")), "Accept", BROWSER);
    assertThat(values(previous)).hasSize(500).first().isEqualTo("file=many/f0500");
    assertThat(values(server.get(below(address, link(page, "First page")), "Accept", BROWSER)))
        .first()
        .isEqualTo("file=many/f0000");
  }

  @Test
  void tickedFilesAndDirectory_becomeAZip() throws IOException {
    Reply sent = send("/browse/main/", "directory=b%2520%2526%2520c&file=a.txt&name=my+choice.zip");

    assertThat(sent.status()).as(sent.toString()).isEqualTo(303);
    assertThat(sent.header("Location")).matches("\\.\\./\\.\\./main/[A-Za-z0-9_-]{32}/status");
    assertThat(zipOf(sent))
        .containsExactlyInAnyOrder(
            "my choice/a.txt",
            "my choice/b & c/d.txt",
            "my choice/b & c/deep/e.txt",
            "my choice/b & c/deep/f.txt");
    assertThat(server.text("select client from download order by created_at desc limit 1"))
        .isEqualTo("public");
  }

  @Test
  void everything_isTheDirectory_andWhatIsElsewhereKeepsItsPlace() throws IOException {
    assertThat(zipOf(send("/browse/main/?in=b%20%26%20c/deep", "all=1&name=n")))
        .containsExactlyInAnyOrder("n/e.txt", "n/f.txt");
    assertThat(
            zipOf(
                send(
                    "/browse/main/?in=b%20%26%20c/deep",
                    "file=b%2520%2526%2520c/deep/e.txt&file=b%2520%2526%2520c/d.txt&name=")))
        .containsExactlyInAnyOrder("deep/e.txt", "d.txt");
  }

  @Test
  void emptyChoice_comesBack_withTheName() {
    Reply page = send("/browse/main/", "name=keep+me");

    assertThat(page.status()).isEqualTo(400);
    assertThat(page.text())
        .contains("role=\"alert\"", "Choose at least one file", "value=\"keep me\"");
  }

  @Test
  void vanishedFile_comesBack_withAllTicks() {
    Reply page = send("/browse/main/", "file=a.txt&file=gone.txt&directory=empty&name=vanished");

    assertThat(page.status()).isEqualTo(400);
    assertThat(page.text()).contains("Not found: gone.txt");
    assertThat(ticked(page))
        .containsExactlyInAnyOrder("directory=empty", "file=a.txt", "file=gone.txt");
    assertThat(server.number("select count(*) from download where zip_name = 'vanished'")).isZero();
  }

  @Test
  void nameThatNoArchiveCanHave_comesBack() {
    Reply page = send("/browse/main/", "file=a.txt&name=a%2Fb");

    assertThat(page.status()).isEqualTo(400);
    assertThat(page.text()).contains("has a slash");
    assertThat(ticked(page)).containsExactly("file=a.txt");
    assertThat(page.header("Content-Language")).isEqualTo("en");
    Reply german =
        send("/browse/main/", "file=a.txt&name=a%2Fb", "Accept-Language", "de-AT,de;q=0.9");
    assertThat(german.text()).contains("Das Archiv wurde nicht erstellt.");
  }

  @Test
  void faultOnALaterPage_comesBackAsThatPage() {
    Reply second =
        server.get(
            below(
                "/browse/main/many/",
                link(server.get("/browse/main/many/", "Accept", BROWSER), "Next page")),
            "Accept",
            BROWSER);
    Matcher hidden =
        Pattern.compile("<input type=\"hidden\" name=\"(\\w+)\" value=\"([^\"]*)\"")
            .matcher(second.text());
    StringBuilder body = new StringBuilder("file=many/f0501&file=many/gone");
    while (hidden.find()) {
      body.append('&').append(hidden.group(1)).append('=').append(encoded(hidden.group(2)));
    }

    Reply page = send("/browse/main/?in=many", body.toString());

    assertThat(page.status()).isEqualTo(400);
    assertThat(ticked(page)).containsExactlyInAnyOrder("file=many/f0501", "file=many/gone");
    assertThat(values(page)).contains("file=many/f0500").doesNotContain("file=many/f0000");
  }

  @Test
  void choice_isTakenAlongToOtherPages() {
    String address = "/browse/main/?in=many";
    Reply first = server.get("/browse/main/many/", "Accept", BROWSER);

    Reply second =
        send(address, "file=many/f0003&file=a.txt&name=n&to=" + turn(first, "Next page"));
    assertThat(second.status()).as(second.text()).isEqualTo(200);
    assertThat(values(second)).hasSize(500).first().isEqualTo("file=many/f0500");
    assertThat(ticked(second)).containsExactlyInAnyOrder("file=many/f0003", "file=a.txt");
    assertThat(second.text()).contains("value=\"n\"", "data-posted=\"true\"");

    Reply back = send(address, "file=many/f0003&file=many/f0501&to=" + turn(second, "First page"));
    assertThat(values(back)).first().isEqualTo("file=many/f0000");
    assertThat(ticked(back)).containsExactlyInAnyOrder("file=many/f0003", "file=many/f0501");
    assertThat(server.number("select count(*) from download where zip_name = 'n'")).isZero();

    Reply nothing = send(address, "name=many&to=" + turn(first, "Next page"));
    assertThat(nothing.status()).isEqualTo(303);
    assertThat(
            values(
                server.get(below("/browse/main/", nothing.header("Location")), "Accept", BROWSER)))
        .first()
        .isEqualTo("file=many/f0500");
  }

  @Test
  void choice_thatIsTooLargeToBeTakenAlong_staysOnItsPage_whichSaysSo() {
    String all =
        IntStream.rangeClosed(0, 5000)
            .mapToObj(i -> "file=x/" + i)
            .collect(Collectors.joining("&"));

    Reply page = send("/browse/main/?in=many", all + "&to=", "Accept-Language", "de");

    assertThat(page.status()).isEqualTo(413);
    assertThat(page.text()).containsPattern("role=\"alert\">Mehr als 5\\.000 H\u00e4kchen");
    assertThat(ticked(page)).hasSize(5001);
    assertThat(send("/browse/main/?in=many", all.replaceFirst("&.*", "") + "&to=").text())
        .doesNotContain("role=\"alert\">No more");
  }

  /** What the button that leads to another page sends, encoded. */
  private static String turn(Reply page, String text) {
    List<String> found =
        found(page, "<button name=\"to\" value=\"([^\"]*)\"[^>]*>" + text + "</button>");
    assertThat(found).as(text).hasSize(1);
    return encoded(found.get(0));
  }

  @Test
  void programs_getTheFaultAsJson() {
    Reply refused =
        server.call("POST", "/browse/main/", "file=gone", "Content-Type", FORM, "Accept", "*/*");

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().get("code").asText()).isEqualTo("missing_or_invalid_target");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /browse/closed/               | 401
          /browse/closed/hidden.txt/    | 401
          /browse/nothing/              | 401
          /browse/main/../closed/       | 401
          /browse/main/?in=../closed  | 401
          /browse/main/?in=a//b       | 404
          /browse/main/missing/         | 404
          /browse/main/a.txt/           | 404
          /browse/main/?after=%25zz     | 404
          /browse/main/?in=%zz        | 400
          /browse/main/?in=%ff        | 400
          /browse/main/?in=a&in=b     | 400
          """)
  void whatMayNotBeBrowsed_isRefused(String address, int status) {
    Reply reply = server.get(address, "Accept", BROWSER);

    assertThat(reply.status()).as(reply.toString()).isEqualTo(status);
    assertThat(reply.text()).doesNotContain("hidden.txt", directory.toString());
  }

  @Test
  void client_browsesItsRoots_andNoOthers() {
    String[] token = {"Authorization", "Bearer " + TOKEN};
    assertThat(server.get("/browse/closed/", token).json().get("entries")).hasSize(2);
    assertThat(server.get("/browse/main/", token).status()).isEqualTo(200);
    assertThat(server.get("/browse/nothing/", token).status()).isEqualTo(403);
    Reply created = send("/browse/closed/", "file=hidden.txt", "Authorization", "Bearer " + TOKEN);
    assertThat(created.status()).isEqualTo(303);
    assertThat(server.text("select client from download where root = 'closed'"))
        .isEqualTo("someone");
  }

  @Test
  void tokenInALink_goesAlongBelowItsDirectory_andNoFurther() throws IOException {
    String token =
        Jwt.signed(
            Jwt.HS256,
            Jwt.claims(
                "someone", Instant.now().plusSeconds(600), "'root': 'closed', 'below': 'a/b'"),
            SECRET);
    String query = "?token=" + token;
    Reply roots = server.get("/" + query, "Accept", BROWSER);
    assertThat(links(roots)).contains("browse/closed/a/b/" + query);
    assertThat(server.get("/" + query).json().at("/roots/1/path").asText()).isEqualTo("a/b");

    Reply page = server.get("/browse/closed/a/b/" + query, "Accept", BROWSER);
    assertThat(links(page))
        .containsExactly("../../../../" + query, "../../../../browse/closed/a/b/c/" + query);
    for (String above : List.of("a/", "", "a/bc/")) {
      assertThat(server.get("/browse/closed/" + above + query).status()).as(above).isEqualTo(403);
    }
    String action = found(page, "action=\"([^\"]*)\"").get(0);
    assertThat(action).isEqualTo("../../../../browse/closed/?in=a/b&token=" + token);
    String address = below("/browse/closed/a/b/", action);
    assertThat(zipOf(send(address, "directory=a/b/c&name=n"))).containsExactly("n/c/d.txt");
    assertThat(send(address, "file=hidden.txt").status()).isEqualTo(403);
    assertThat(send(address, "directory=a").status()).isEqualTo(403);
    Reply refused = send(address, "file=a/b/gone");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(found(refused, "action=\"([^\"]*)\""))
        .containsExactly("../../browse/closed/?in=a/b&token=" + token);
  }

  @Test
  void pickOutsideWhatIsGranted_isRefused() {
    for (String body :
        List.of("file=../closed/hidden.txt", "directory=..", "file=a/../../closed/x")) {
      Reply refused = send("/browse/main/", body);
      assertThat(refused.status()).as(body + refused).isEqualTo(401);
    }
    assertThat(send("/browse/main/", "file=a%252500").status()).isEqualTo(400);
    assertThat(send("/browse/main/", "file=%25").status()).isEqualTo(400);
    assertThat(send("/browse/closed/", "file=hidden.txt").status()).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Origin: https://evil.example",
        "Origin: null",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site"
      })
  void formOfAnotherOrigin_isRefused(String header) {
    String[] parts = header.split(": ", 2);

    assertThat(send("/browse/main/", "file=a.txt", parts[0], parts[1]).status()).isEqualTo(403);
  }

  @Test
  void formOfTheOwnOrigin_isTaken() {
    String own = "http://127.0.0.1:" + server.port();

    assertThat(
            send("/browse/main/", "file=a.txt", "Origin", own, "Sec-Fetch-Site", "same-origin")
                .status())
        .isEqualTo(303);
  }

  @Test
  void body_thatIsNoForm_orTooLarge_isRefused() {
    assertThat(server.call("POST", "/browse/main/", "{}", "Accept", BROWSER).status())
        .isEqualTo(415);
    String large = "x=" + "y".repeat(4 << 20);
    assertThat(send("/browse/main/", large).status()).isEqualTo(413);
    assertThat(send("/browse/main/", "file=%zz").status()).isEqualTo(400);
    String many = IntStream.range(0, 20_001).mapToObj(i -> "f=").collect(Collectors.joining("&"));
    assertThat(send("/browse/main/", many).status()).isEqualTo(413);
  }

  @Test
  void hostileNames_areText_andTheirLinksWork() throws IOException {
    List<String> names = new ArrayList<>(HostileNames.all());
    names.addAll(
        List.of("<script>alert(1)", "\u202egnp.exe", "a\"onfocus=\"alert(1)", "get", "status"));
    Path root = Files.createDirectories(directory.resolve("root/hostile"));
    for (String name : names) {
      RawFiles.write(RawFiles.at(root, name + "/inside & <b>"), new byte[1]);
    }
    RawFiles.write(RawFiles.at(root, (byte) 0xff, (byte) '/', (byte) 'x'), new byte[1]);
    Reply page = server.get("/browse/main/hostile/", "Accept", BROWSER);

    assertThat(page.text()).doesNotContain("<script>alert", "\"onfocus", "<x>");
    assertThat(page.text()).contains("%FF", "cannot be chosen by its name");
    List<String> directories =
        links(page).stream().filter(link -> link.contains("hostile/")).toList();
    assertThat(directories).hasSameSizeAs(names);
    StringBuilder all = new StringBuilder("name=n");
    for (String link : directories) {
      Reply inside = server.get(below("/browse/main/hostile/", link), "Accept", BROWSER);
      assertThat(inside.status()).as(link).isEqualTo(200);
      List<String> values = values(inside);
      assertThat(values).as(link).hasSize(1);
      all.append("&file=").append(encoded(values.get(0).substring("file=".length())));
    }
    assertThat(zipOf(send("/browse/main/", all.toString()))).hasSameSizeAs(names);
  }

  @Test
  void prefixOfABucket_isBrowsedAndPicked() throws IOException {
    JsonNode root = server.get("/browse/s3/").json();
    assertThat(root.get("entries")).hasSize(60);
    assertThat(root.get("entries").get(0).get("name").asText()).isEqualTo("d00");
    assertThat(root.get("entries").get(59).get("size").asLong()).isEqualTo(29);

    assertThat(zipOf(send("/browse/s3/", "directory=d03&file=f07&name=n")))
        .containsExactlyInAnyOrder("n/d03/x", "n/f07");
    assertThat(server.get("/browse/s3/d03/", "Accept", BROWSER).text()).contains("2 bytes");
    assertThat(server.get("/browse/s3/nothing/").status()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          text/html                      | text/html
          text/html;q=0.8, */*;q=0.1     | text/html
          application/json               | application/json
          */*                            | application/json
          image/png                      | 406
          """)
  void accept_decidesWhatComes(String accept, String type) {
    for (String address : List.of("/", "/browse/main/")) {
      Reply reply = server.get(address, "Accept", accept);
      assertThat(reply.status() == 200 ? reply.header("Content-Type") : reply.status() + "")
          .as(address + accept)
          .startsWith(type);
    }
    Reply sent = send("/browse/main/", "file=a.txt", "Accept", accept);
    assertThat(sent.status()).isEqualTo(type.equals("406") ? 406 : 303);
  }

  @Test
  @NeedsProgram("nginx")
  void nginx_passesOnHostileNamesAndForms() throws IOException {
    Path root = Files.createDirectories(directory.resolve("root/through"));
    List<String> names = HostileNames.all();
    for (String name : names) {
      RawFiles.write(RawFiles.at(root, name + "/f"), new byte[1]);
    }
    try (NginxFront front = new NginxFront(directory, server, NginxOptions.DEFAULTS);
        Http http = new Http(URI.create("http://127.0.0.1:" + front.port()))) {
      String address = "/downloads/browse/main/through/";
      List<String> links =
          links(http.get(address, "Accept", BROWSER)).stream()
              .filter(link -> link.contains("through/"))
              .toList();
      assertThat(links).hasSameSizeAs(names);
      for (String link : links) {
        String there = below(address, link);
        assertThat(values(http.get(there, "Accept", BROWSER))).as(link).hasSize(1);
      }
      Reply sent =
          http.call(
              "POST",
              address,
              "file=a.txt&name=n".getBytes(StandardCharsets.UTF_8),
              "Content-Type",
              FORM,
              "Accept",
              BROWSER);
      assertThat(sent.status()).as(sent.toString()).isEqualTo(303);
      assertThat(sent.header("Location")).startsWith("../../../main/");
    }
  }

  @Test
  void form_withPathsLongerThanAny_isRefusedAtOnce() {
    String deep = "a/".repeat(100_000) + "x";
    Reply reply = send("/browse/main/", "file=" + deep + "&file=b/" + deep);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.text()).contains("more than 4096 bytes");
  }

  @Test
  void form_atAnAddressOfManyLevels_orWithEncodedNames_isRefusedClearly() {
    assertThat(send("/browse/main" + "/a".repeat(3000) + "/", "all=1").status()).isEqualTo(400);
    Reply encoded = send("/browse/main/a%20b/", "all=1", "Accept", "application/json");
    assertThat(encoded.status()).isEqualTo(400);
    assertThat(encoded.text()).contains("?in=");
  }

  @Test
  void otherMethods_areRefused() {
    assertThat(server.call("PUT", "/browse/main/", null).status()).isEqualTo(405);
    assertThat(server.call("DELETE", "/browse/main/", null).status()).isEqualTo(405);
    assertThat(server.head("/browse/main/", "Accept", BROWSER).status()).isEqualTo(200);
  }

  private static Reply send(String address, String body, String... headers) {
    List<String> all = new ArrayList<>(List.of("Content-Type", FORM));
    all.addAll(List.of(headers));
    if (!all.contains("Accept")) {
      all.addAll(List.of("Accept", BROWSER));
    }
    return server.call("POST", address, body, all.toArray(String[]::new));
  }

  /** The names of the files in the archive that an answer to the form leads to. */
  private static List<String> zipOf(Reply sent) throws IOException {
    assertThat(sent.status()).as(sent.toString()).isEqualTo(303);
    String status = sent.header("Location").replaceFirst("(\\.\\./)*", "/");
    Traces.awaited(() -> server.get(status).json().get("status").asText(), "ready"::equals);
    Reply archive = server.get(status.replace("/status", "/download"));
    List<String> names = new ArrayList<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive.bytes()))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        names.add(entry.getName());
      }
    }
    return names;
  }

  private static List<String> roots(Reply list) {
    return list.json().get("roots").findValuesAsText("root");
  }

  private static List<String> links(Reply page) {
    return found(page, "<a href=\"([^\"]*)\"");
  }

  /** The names and values of the boxes in the table. */
  private static List<String> values(Reply page) {
    String table =
        page.text().replaceFirst("(?s)^.*<tbody>", "").replaceFirst("(?s)</tbody>.*", "");
    Matcher box = Pattern.compile("name=\"(\\w+)\" value=\"([^\"]*)\"").matcher(table);
    return box.results().map(result -> result.group(1) + "=" + result.group(2)).toList();
  }

  private static List<String> ticked(Reply page) {
    Matcher box =
        Pattern.compile("name=\"(\\w+)\" value=\"([^\"]*)\"[^>]* checked").matcher(page.text());
    return box.results().map(result -> result.group(1) + "=" + result.group(2)).toList();
  }

  private static String link(Reply page, String text) {
    List<String> found = found(page, "href=\"([^\"]*)\"[^>]*>" + text + "</(?:a|button)>");
    assertThat(found).as(text).hasSize(1);
    return found.get(0);
  }

  private static List<String> found(Reply page, String pattern) {
    return Pattern.compile(pattern)
        .matcher(page.text())
        .results()
        .map(result -> result.group(1).replace("&amp;", "&").replace("&#39;", "'"))
        .toList();
  }

  /** Resolves a relative address of a page at an address. */
  private static String below(String address, String relative) {
    assertThat(relative).startsWith("../");
    String path = address.replaceFirst("\\?.*", "");
    String rest = relative;
    path = path.substring(0, path.lastIndexOf('/') + 1);
    while (rest.startsWith("../")) {
      path = path.substring(0, path.lastIndexOf('/', path.length() - 2) + 1);
      rest = rest.substring(3);
    }
    return path + rest;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static void write(String path, String content) {
    RawFiles.write(
        RawFiles.at(directory.resolve("root"), path), content.getBytes(StandardCharsets.UTF_8));
  }

  private static String sha256(String token) {
    return java.util.HexFormat.of()
        .formatHex(org.lading.base.Digests.sha256().digest(token.getBytes(StandardCharsets.UTF_8)));
  }
}
