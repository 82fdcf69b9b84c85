package org.lading.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.nginx.NginxOptions;
import org.lading.testing.Documents;
import org.lading.testing.Http;
import org.lading.testing.Http.Reply;
import org.lading.testing.JavaSnippets;
import org.lading.testing.LadingServer;
import org.lading.testing.NeedsProgram;
import org.lading.testing.NginxFront;
import org.lading.testing.NginxServer;
import org.lading.testing.Programs;
import org.lading.testing.Traces;

/**
 * The snippets of docs/applications.md, each as it stands there, behind a real nginx beside Lading:
 * the archive that each hands over, and the link that each makes, have what they are for.
 */
@NeedsProgram("nginx")
class ApplicationSnippetsTest {
  private static final String DOCUMENT = "docs/applications.md";
  private static final String SECRET = "a secret that has more than thirty-two bytes";

  /** The name of a snippet, that of its file, and its text. */
  private static final Pattern SNIPPET =
      Pattern.compile("<!-- snippet: (\\w+) (\\S+) -->\n\n```\\w+\n(.*?)\n```", Pattern.DOTALL);

  private static final List<String> SNIPPETS =
      List.of("flask", "django", "rails", "php", "express", "servlet", "spring");

  private static final Duration START = Duration.ofMinutes(1);

  @TempDir static Path directory;
  static LadingServer lading;
  static NginxFront nginx;
  static Http http;
  static final Map<String, Integer> PORTS = new TreeMap<>();

  @BeforeAll
  static void start() throws IOException {
    Path samples = Path.of("conf-examples/samples").toAbsolutePath();
    lading =
        LadingServer.start(
            directory,
            """
            roots: [{name: samples, path: '%s'}]
            clients: [{name: portal, secret: '%s'}]
            assembler: embedded
            """
                .formatted(samples, SECRET));
    StringBuilder own = new StringBuilder();
    for (String snippet : SNIPPETS) {
      PORTS.put(snippet, NginxServer.freePort());
      own.append(
          "location /%s/ { proxy_pass http://127.0.0.1:%d/portal/; }\n"
              .formatted(snippet, PORTS.get(snippet)));
    }
    nginx = new NginxFront(directory, lading, NginxOptions.DEFAULTS, own.toString());
    http = new Http(URI.create("http://127.0.0.1:" + nginx.port()));
  }

  @AfterAll
  static void stop() throws IOException {
    http.close();
    nginx.close();
    lading.close();
  }

  @Test
  void document_hasTheseSnippets() {
    assertThat(snippets()).extracting(snippet -> snippet.group(1)).isEqualTo(SNIPPETS);
  }

  @NeedsProgram("python3-flask")
  @Test
  void flask() throws Exception {
    assertServed("flask", Programs.HERE.get("python3-flask").toString(), "serve_flask.py");
  }

  @NeedsProgram("python3-django")
  @Test
  void django() throws Exception {
    assertServed("django", Programs.HERE.get("python3-django").toString(), "serve_django.py");
  }

  @NeedsProgram({"ruby-actionpack", "ruby-jwt", "ruby-webrick"})
  @Test
  void rails() throws Exception {
    assertServed("rails", Programs.HERE.get("ruby-jwt").toString(), "serve_rails.rb");
  }

  @NeedsProgram("php")
  @Test
  void php() throws Exception {
    String address = "127.0.0.1:" + PORTS.get("php");
    assertServed("php", Programs.HERE.get("php").toString(), "-S", address, "portal.php");
  }

  @NeedsProgram({"npm:express", "npm:jsonwebtoken"})
  @Test
  void express() throws Exception {
    assertServed("express", Programs.HERE.get("npm:express").toString(), "portal.js");
  }

  @Test
  void servletAndSpring() throws Exception {
    Path place = Files.createDirectories(directory.resolve("java"));
    List<Path> sources = new ArrayList<>(List.of(write("servlet", place), write("spring", place)));
    try (JavaSnippets java = new JavaSnippets(place, sources, Map.of("lading.secret", SECRET));
        AutoCloseable servlet = java.serveServlet("PortalServlet", PORTS.get("servlet"));
        AutoCloseable spring = java.serveSpring("PortalController", PORTS.get("spring"))) {
      assertThat(List.of(servlet, spring)).hasSize(2);
      assertDelivers("servlet", () -> true);
      assertDelivers("spring", () -> true);
    }
  }

  /** Starts the program with the port as its last argument, and in PORT. */
  private static void assertServed(String snippet, String... command) throws Exception {
    Path place = Files.createDirectories(directory.resolve(snippet));
    write(snippet, place);
    for (String file : command) {
      if (file.startsWith("serve_")) {
        Files.copy(Path.of("src/test/resources/org/lading/docs/portal", file), place.resolve(file));
      }
    }
    List<String> all = new ArrayList<>(List.of(command));
    String port = PORTS.get(snippet).toString();
    all.add(port);
    ProcessBuilder builder =
        new ProcessBuilder(all)
            .directory(place.toFile())
            .redirectErrorStream(true)
            .redirectOutput(place.resolve("output").toFile());
    builder.environment().putAll(Map.of("LADING_SECRET", SECRET, "PORT", port));
    Process process = builder.start();
    try {
      assertDelivers(snippet, process::isAlive);
    } catch (AssertionError e) {
      throw new AssertionError(Files.readString(place.resolve("output")), e);
    } finally {
      process.destroy();
      process.waitFor();
    }
  }

  private static void assertDelivers(String snippet, BooleanSupplier isRunning) throws IOException {
    Reply archive =
        Traces.within(
            START,
            () -> http.get("/" + snippet + "/archive"),
            reply -> !isRunning.getAsBoolean() || (reply.status() != 502 && reply.status() != 503));
    assertThat(archive.status()).as(archive.toString()).isEqualTo(200);
    assertThat(archive.header("Content-Type")).isEqualTo("application/zip");
    assertThat(archive.header("Content-Disposition"))
        .isEqualTo("attachment; filename=\"report.zip\"; filename*=UTF-8''report.zip");
    assertThat(names(archive)).isEqualTo("report/reports/2024-q1.txt report/reports/table.csv");
    Reply part = http.get("/" + snippet + "/archive", "Range", "bytes=0-3");
    assertThat(part.status()).as(part.toString()).isEqualTo(206);
    assertThat(part.text()).isEqualTo("PK\u0003\u0004");

    String location = http.get("/" + snippet + "/link").header("Location");
    String link = location.replaceFirst("^http://[^/]+", "");
    assertThat(link).startsWith("/downloads/zip/samples/reports/?token=");
    Reply linked = Traces.within(START, () -> http.get(link), reply -> reply.status() != 503);
    assertThat(linked.status()).as(linked.toString()).isEqualTo(200);
    assertThat(names(linked)).contains("2024-q1.txt", "table.csv");
    assertThat(http.get(link.replace("reports", "")).status()).as("not below").isEqualTo(403);
  }

  private static List<MatchResult> snippets() {
    return SNIPPET.matcher(Documents.text(Path.of(DOCUMENT))).results().toList();
  }

  private static Path write(String name, Path place) throws IOException {
    MatchResult snippet =
        snippets().stream().filter(found -> found.group(1).equals(name)).findFirst().orElseThrow();
    return Files.writeString(place.resolve(snippet.group(2)), snippet.group(3) + "\n", UTF_8);
  }

  private static String names(Reply zip) throws IOException {
    List<String> names = new ArrayList<>();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip.bytes()))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        names.add(entry.getName());
      }
    }
    return names.stream().collect(Collectors.joining(" "));
  }
}
