package org.lading.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.testing.Documents;
import org.lading.testing.LadingServer;
import org.lading.testing.NeedsProgram;

/** The commands of the walk-throughs print what stands beside them. */
@NeedsProgram({"bash", "curl"})
class WalkThroughTest {
  private static final String ADDRESS = "http://localhost:8080";

  /** A block of commands and, after it, a block of what they print. */
  private static final Pattern STEP =
      Pattern.compile("```sh\n(.*?)```\\s*```(?:text|json)\n(.*?)```", Pattern.DOTALL);

  @TempDir Path directory;

  @Test
  void readme_printsWhatStandsThere() throws Exception {
    assertPrinted("README.md", 1);
  }

  @NeedsProgram({"cmp", "unzip"})
  @Test
  void longerWalkThrough_printsWhatStandsThere() throws Exception {
    assertPrinted("docs/api.md", 11);
  }

  private void assertPrinted(String document, int leastSteps) throws Exception {
    List<MatchResult> steps =
        STEP.matcher(
                Documents.between(
                    document, "<!-- walk-through -->", "<!-- end of the walk-through -->"))
            .results()
            .toList();
    assertThat(steps).hasSizeGreaterThanOrEqualTo(leastSteps);

    List<String> printed;
    try (LadingServer server = LadingServer.start(directory, localSettings())) {
      printed = run(steps.stream().map(step -> step.group(1)).toList(), server.port());
    }

    assertThat(printed).hasSameSizeAs(steps);
    for (int i = 0; i < printed.size(); i++) {
      assertThat(masked(printed.get(i)))
          .as(steps.get(i).group(1) + printed.get(i))
          .contains(lines(masked(shown(steps.get(i).group(2)))));
    }
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
    // Elsewhere unzip and jar show names in ASCII.
    builder.environment().put("LC_ALL", "C.UTF-8");
    // The JDK that runs this has jar; it need not be the one in the PATH.
    builder
        .environment()
        .merge(
            "PATH",
            Path.of(System.getProperty("java.home"), "bin").toString(),
            (path, jdk) -> path + ":" + jdk);
    Process bash = builder.start();
    boolean ended = bash.waitFor(60, TimeUnit.SECONDS);
    bash.destroyForcibly();
    String printed = Files.readString(output, StandardCharsets.UTF_8);
    assertThat(ended && bash.exitValue() == 0).as(printed).isTrue();
    return Arrays.asList(printed.split(Pattern.quote(separator)));
  }

  /** Without the lines that say that some are left out. */
  private static String shown(String text) {
    return text.replaceAll("(?m)^ *\\.\\.\\.\n", "");
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
    List<String> lines = text.lines().filter(line -> !line.isEmpty()).toList();
    assertThat(lines).isNotEmpty();
    return lines;
  }
}
