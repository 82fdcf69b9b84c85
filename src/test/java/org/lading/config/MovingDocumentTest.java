package org.lading.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.nginx.NginxOptions;
import org.lading.testing.Documents;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.ManifestAssembler;
import org.lading.testing.NeedsProgram;
import org.lading.testing.NginxFront;
import org.lading.testing.Program;

/** The steps of the move lead from the settings of the ancestor to a link that it mailed. */
@NeedsProgram({"nginx", "bash", "curl"})
class MovingDocumentTest {
  private static final String DOCUMENT = "docs/moving-from-medusa-downloader.md";
  private static final String ADDRESS = "https://files.example.org";
  private static final Pattern MAILED =
      Pattern.compile(ADDRESS + "(/downloads/medusa/([0-9a-f]{48})/get)");

  @TempDir Path directory;

  private Path storage;

  /** Makes what the ancestor has in its storage for the link in the document. */
  @BeforeEach
  void makeStorage() throws IOException {
    storage = directory.resolve("old storage");
    Path files = Files.createDirectories(directory.resolve("medusa/trial/letters"));
    Files.writeString(files.resolve("one.txt"), "the first");
    Files.writeString(files.resolveSibling("two words.txt"), "the second one");
    String id = mailed().group(2);
    String place =
        "/%s/%s/%s/%s".formatted(id.substring(0, 2), id.substring(2, 4), id.substring(4, 6), id);
    Path own = Path.of(storage + place);
    Files.createDirectories(own.resolve("data"));
    Files.createDirectories(own.resolve("literal"));
    Files.writeString(own.resolve("literal/0a1b2c3d4e5f"), "a note");
    Files.createSymbolicLink(own.resolve("data/0"), files.resolve("one.txt"));
    Files.createSymbolicLink(own.resolve("data/1"), files.resolveSibling("two words.txt"));
    Files.createSymbolicLink(own.resolve("data/2"), own.resolve("literal/0a1b2c3d4e5f"));
    Files.writeString(
        own.resolve("manifest.txt"),
        """
        - 9 /internal%1$s/data/0 box/letters/one.txt
        - 14 /internal%1$s/data/1 box/two words.txt
        - 6 /internal%1$s/data/2 box/README
        """
            .formatted(place)
            .replace("\n", "\r\n"));
  }

  private static String block(String mark, String language) {
    return Documents.between(DOCUMENT, "<!-- " + mark + " -->\n```" + language + "\n", "```");
  }

  private String here(String text) {
    return text.replace("/srv/medusa", directory.resolve("medusa").toString())
        .replace("/home/downloader/storage", storage.toString())
        .replace("/etc/lading/lading.yml", directory.resolve("lading.yml").toString());
  }

  /** What matches the lines of a text, and any lines in the place of one with three dots. */
  private static String allOf(String text) {
    return text.lines()
        .map(line -> line.equals("...") ? "(.*\n)*" : Pattern.quote(line) + "\n")
        .collect(Collectors.joining());
  }

  private static Matcher mailed() {
    Matcher mailed = MAILED.matcher(block("calls", "sh"));
    assertThat(mailed.find()).isTrue();
    return mailed;
  }

  /** The arguments after the program in the command of a block. */
  private List<String> arguments(String mark, String program) {
    String command = block(mark, "sh").replace("\\\n", "").strip();
    assertThat(command).contains(program + " ");
    String rest = command.substring(command.indexOf(program) + program.length());
    return List.of(rest.replaceFirst(">.*", "").strip().split(" +")).stream()
        .map(this::here)
        .toList();
  }

  private static String check(List<String> arguments, int expected) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, UTF_8);
    int status = Main.run(arguments, Map.of(), stream, stream);
    assertThat(status).as(out.toString(UTF_8)).isEqualTo(expected);
    return out.toString(UTF_8);
  }

  @Test
  void steps_leadFromTheOldSettingsToALinkThatWasMailed() throws Exception {
    String old = here(block("old settings", "yaml"));
    Files.writeString(directory.resolve("lading.yml"), old);
    List<String> arguments =
        List.of("--check", arguments("check", "java -jar downloads.war check").get(0));
    String printed = check(arguments, 0);
    assertThat(printed).matches(allOf(here(block("printed", "text"))));

    String settings = old + here(block("new settings", "yaml"));
    try (LadingServer lading = LadingServer.start(directory, settings)) {
      assertThat(check(arguments, 0))
          .contains(
              "which a running Lading uses",
              "who may create: repository (by token; all roots); kumquat (by password; all roots)");
      List<String> options = arguments("nginx", "java -jar downloads.war nginx");
      assertThat(options).contains("--legacy-storage", arguments.get(1));
      NginxOptions nginxOptions =
          NginxOptions.DEFAULTS.with(options.subList(0, options.size() - 1).toArray(String[]::new));
      try (NginxFront nginx = new NginxFront(directory, lading, nginxOptions)) {
        String[] answers = callsThrough(nginx);
        assertThat(json(answers[0]).get("status").asText()).isEqualTo("ok");
        assertThat(json(answers[1]).get("download_url").asText()).startsWith(ADDRESS);
        requireMailedArchive(nginx);
      }
    }
  }

  /** What the document's calls but the last one print, a line each. */
  private String[] callsThrough(NginxFront nginx) throws Exception {
    String calls = block("calls", "sh").replace(ADDRESS, "http://127.0.0.1:" + nginx.port());
    String creates = calls.substring(0, calls.indexOf("curl -O -J"));
    String script = creates.replace("curl ", "echo; curl -sS -H 'Prefer: wait=60' ");
    return Program.run(directory, "bash", "-euc", script).strip().split("\n");
  }

  private static JsonNode json(String text) throws IOException {
    return new ObjectMapper().readTree(text);
  }

  private Map<String, String> contents(byte[] archive) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    // Not a stream, which knows no stored member whose length follows it.
    Path file = Files.write(directory.resolve("mailed.zip"), archive);
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        contents.put(entry.getName(), new String(zip.getInputStream(entry).readAllBytes(), UTF_8));
      }
    }
    return contents;
  }

  private void requireMailedArchive(NginxFront nginx) throws IOException {
    String page = mailed().group(1);
    Reply manifest = nginx.get(page);
    assertThat(manifest.status()).isEqualTo(200);
    assertThat(manifest.header("Content-Disposition"))
        .isEqualTo("attachment; filename=\"" + mailed().group(2) + ".zip\"");
    byte[] archive = ManifestAssembler.archive(manifest.text(), nginx::fetch);
    assertThat(contents(archive))
        .containsOnly(
            Map.entry("box/letters/one.txt", "the first"),
            Map.entry("box/two words.txt", "the second one"),
            Map.entry("box/README", "a note"));
    assertThat(nginx.get(page.replace("medusa/4", "medusa/5")).status()).isEqualTo(404);
  }
}
