package org.lading.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lading.testing.Documents;

/** The arguments of the server on the command line. */
class ServerOptionsTest {
  private static final String INSTALLING = "docs/install.md";
  private static final ServerOptions DEFAULTS =
      new ServerOptions(null, "127.0.0.1", 8080, "/downloads");

  @Test
  void none_isThisMachineAlone() throws UsageException {
    assertThat(ServerOptions.of(List.of())).isEqualTo(DEFAULTS);
  }

  @Test
  void all_areTakenInBothForms() throws UsageException {
    ServerOptions expected =
        new ServerOptions(Path.of("pom.xml").toAbsolutePath(), "0.0.0.0", 0, "");
    assertThat(
            ServerOptions.of(
                List.of("--config=pom.xml", "--port=0", "--host=0.0.0.0", "--context-path=/")))
        .isEqualTo(expected);
    assertThat(
            ServerOptions.of(
                List.of(
                    "--context-path",
                    "/",
                    "--port",
                    "0",
                    "--host",
                    "0.0.0.0",
                    "--config",
                    "./pom.xml")))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "--prot 80, there is no option --prot",
    "lading.yml, there is no option lading.yml",
    "--port, --port needs a value",
    "--port=, --port needs a value",
    "--port --host x, --port needs a value",
    "--port 80 --port 81, --port is there twice",
    "--port http, --port: http is not a number from 0 to 65535",
    "--port 65536, --port: 65536 is not a number from 0 to 65535",
    "--port -1, --port: -1 is not a number from 0 to 65535",
    "--context-path downloads, '--context-path: downloads is not a path such as /downloads, or /'",
    "--context-path /a/, '--context-path: /a/ is not a path such as /downloads, or /'",
    "--config src, is not a file that can be read",
    "--config nowhere.yml, nowhere.yml is not a file that can be read",
  })
  void wrongOnes_areTold(String arguments, String sentence) {
    assertThatThrownBy(() -> ServerOptions.of(List.of(arguments.split(" "))))
        .isInstanceOf(UsageException.class)
        .hasMessageEndingWith(sentence);
  }

  @Test
  void program_thatIsNotThere_isToldWithThoseThatAre() {
    assertThatThrownBy(() -> Program.named("chek"))
        .hasMessage("there is no program chek, but " + String.join(", ", Program.names()));
  }

  @Test
  void programs_areClassesOfTheApplication_andInTheHelp() throws Exception {
    assertThat(Program.names()).isNotEmpty();
    for (String name : Program.names()) {
      assertThat(Class.forName(Program.named(name).mainClass()).getMethod("main", String[].class))
          .as(name)
          .isNotNull();
      assertThat(Program.HELP).containsPattern("(?m)^  " + name + " ");
    }
    assertThat(firstColumn("<!-- programs -->")).containsExactlyElementsOf(Program.names());
  }

  @Test
  void document_hasTheOptionsAndTheirDefaults() {
    assertThat(firstColumn("<!-- launcher options -->"))
        .containsExactly("--config", "--host", "--port", "--context-path")
        .allMatch(option -> ServerOptions.HELP.contains("  " + option + " "));
    assertThat(
            Documents.table(INSTALLING, "<!-- launcher options -->").stream()
                .map(row -> row.get(1).replace("`", "")))
        .containsExactly(
            "none", DEFAULTS.host(), Integer.toString(DEFAULTS.port()), DEFAULTS.contextPath());
  }

  private static List<String> firstColumn(String mark) {
    return Documents.table(INSTALLING, mark).stream()
        .map(row -> row.get(0).replace("`", ""))
        .toList();
  }
}
