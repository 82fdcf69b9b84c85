package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.error.ErrorCode;
import org.lading.testing.LadingServer;

/** What README.md says is what happens. */
class ReadmeTest {
  private static final String ADDRESS = "http://localhost:8080";
  private static final Path SETTINGS = Path.of("src/main/java/org/lading/config");

  /** A block of commands and, after it, a block of what they print. */
  private static final Pattern STEP =
      Pattern.compile("```sh\n(.*?)```\\s*```(?:text|json)\n(.*?)```", Pattern.DOTALL);

  /** How the readers of the configuration ask for a setting. */
  private static final Pattern ASKED =
      Pattern.compile(
          "(?:section|top)\\s*\\.(?:text|required|requiredPath|flag|number|size|duration|word|url"
              + "|section|sections|texts|field)\\(\\s*\"([a-z0-9_]+)\"");

  private static final Pattern TABLE_ROW = Pattern.compile("(?m)^\\| `([^`]+)` \\| ([^|]+) \\|");

  @TempDir Path directory;

  @Test
  void walkThrough_printsWhatStandsThere() throws Exception {
    List<MatchResult> steps =
        STEP.matcher(between("<!-- walk-through -->", "<!-- end of the walk-through -->"))
            .results()
            .toList();
    assertThat(steps).hasSizeGreaterThanOrEqualTo(5);

    List<String> printed;
    try (LadingServer server = LadingServer.start(directory, localSettings())) {
      printed = run(steps.stream().map(step -> step.group(1)).toList(), server.port());
    }

    assertThat(printed).hasSameSizeAs(steps);
    for (int i = 0; i < printed.size(); i++) {
      assertThat(masked(printed.get(i)))
          .as(steps.get(i).group(1) + printed.get(i))
          .contains(lines(masked(steps.get(i).group(2))));
    }
  }

  @Test
  void settings_areThoseThatAreRead() throws IOException {
    TreeSet<String> asked = new TreeSet<>();
    try (Stream<Path> sources = Files.list(SETTINGS)) {
      for (Path source : sources.toList()) {
        ASKED.matcher(Files.readString(source)).results().forEach(call -> asked.add(call.group(1)));
      }
    }
    TreeSet<String> documented = new TreeSet<>();
    for (String setting :
        tableOf(between("<!-- settings -->", "<!-- end of the settings -->")).keySet()) {
      documented.addAll(Arrays.asList(setting.replace("[]", "").split("\\.", -1)));
    }
    assertThat(asked).contains("storage", "bucket", "token_sha256", "jndi", "targets");
    assertThat(documented).isEqualTo(asked);
  }

  @Test
  void errors_haveTheirStatusAndRetryAfter() throws IOException {
    Map<String, String> documented = tableOf(between("### Errors", "## Configuration"));
    Map<String, String> expected = new TreeMap<>();
    for (ErrorCode code : ErrorCode.values()) {
      expected.put(code.code(), Integer.toString(code.status()));
      if (code.retryAfterSeconds() != ErrorCode.NO_RETRY) {
        assertThat(between("| `" + code.code() + "` |", "\n"))
            .contains("`Retry-After: " + code.retryAfterSeconds() + "`");
      }
    }
    assertThat(documented).isEqualTo(expected);
  }

  @Test
  void links_leadToFilesThatAreThere() throws IOException {
    List<String> files =
        Pattern.compile("]\\(([^):#]+)\\)")
            .matcher(readme())
            .results()
            .map(link -> link.group(1))
            .toList();
    assertThat(files).contains("conf-examples/local.yml", "nginx/lading.conf");
    assertThat(files).allSatisfy(file -> assertThat(Path.of(file)).exists());
  }

  /** The settings that {@code mvn jetty:run} takes, but for the places. */
  private static String localSettings() throws IOException {
    Path example = Path.of("conf-examples/local.yml").toAbsolutePath();
    String settings = Files.readString(example);
    assertThat(settings).contains("path: samples\n", "storage: ../target/lading\n");
    return settings
        .replace("path: samples\n", "path: '" + example.resolveSibling("samples") + "'\n")
        .replace("storage: ../target/lading\n", "storage: storage\n");
  }

  /** What each block of commands prints, all of them run in one shell. */
  private List<String> run(List<String> blocks, int port) throws IOException, InterruptedException {
    String separator = "--- next block ---";
    String script =
        String.join("\necho; echo '" + separator + "'\n", blocks)
            .replace(ADDRESS, "http://localhost:" + port);
    Path file = Files.writeString(directory.resolve("walk-through.sh"), "set -eu\n" + script);
    Path output = directory.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder("bash", file.toString())
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    // Elsewhere unzip shows names in ASCII.
    builder.environment().put("LC_ALL", "C.UTF-8");
    Process bash = builder.start();
    boolean ended = bash.waitFor(60, TimeUnit.SECONDS);
    bash.destroyForcibly();
    String printed = Files.readString(output, StandardCharsets.UTF_8);
    assertThat(ended && bash.exitValue() == 0).as(printed).isTrue();
    return Arrays.asList(printed.split(Pattern.quote(separator)));
  }

  /** Without what is another each time, and without spaces, which wrapped lines have more of. */
  private static String masked(String text) {
    return text.replaceAll("http://localhost:\\d+", ADDRESS)
        .replaceAll("[A-Za-z0-9_-]{32}", "ID")
        .replaceAll("\\d{4}-\\d\\d-\\d\\d(T[0-9:.]+Z| \\d\\d:\\d\\d)", "TIME")
        .replaceAll("\"free_bytes\":\\d+", "\"free_bytes\":N")
        .replaceAll("[ \t\r]", "")
        .replaceAll("(?<=[{,])\n", "");
  }

  private static List<String> lines(String text) {
    List<String> lines =
        text.lines()
            .filter(line -> !line.isEmpty())
            .collect(Collectors.toCollection(ArrayList::new));
    assertThat(lines).isNotEmpty();
    return lines;
  }

  private static Map<String, String> tableOf(String markdown) {
    Map<String, String> rows = new TreeMap<>();
    TABLE_ROW.matcher(markdown).results().forEach(row -> rows.put(row.group(1), row.group(2)));
    return rows;
  }

  private static String between(String from, String to) throws IOException {
    String readme = readme();
    assertThat(readme).containsOnlyOnce(from);
    int start = readme.indexOf(from) + from.length();
    int end = readme.indexOf(to, start);
    assertThat(end).as(to).isPositive();
    return readme.substring(start, end);
  }

  private static String readme() throws IOException {
    return Files.readString(Path.of("README.md"), StandardCharsets.UTF_8);
  }
}
