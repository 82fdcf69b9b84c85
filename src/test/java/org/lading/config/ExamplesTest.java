package org.lading.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.lading.root.filesystem.FilesystemRootSettings;
import org.w3c.dom.Element;

class ExamplesTest {
  private static final Path EXAMPLES = Path.of("conf-examples").toAbsolutePath();
  private static final Map<String, String> ENVIRONMENT =
      Map.of("MINIO_ROOT_USER", "user", "MINIO_ROOT_PASSWORD", "password");

  @Test
  void everyExample_loads() throws IOException {
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      List<Path> settings =
          files.filter(file -> isSettings(file.getFileName().toString())).toList();
      assertThat(settings).hasSizeGreaterThanOrEqualTo(3);
      for (Path file : settings) {
        assertThat(ConfigurationLoader.load(file, ENVIRONMENT).roots()).as("%s", file).isNotEmpty();
      }
    }
  }

  private static boolean isSettings(String name) {
    return name.endsWith(".yml") && !name.startsWith("prometheus");
  }

  @Test
  void localExample_pointsAtTheSamples() {
    Configuration local = ConfigurationLoader.load(EXAMPLES.resolve("local.yml"), Map.of());

    assertThat(local.storage()).isEqualTo(Path.of("target/lading").toAbsolutePath());
    assertThat(local.roots())
        .singleElement()
        .isInstanceOfSatisfying(
            FilesystemRootSettings.class,
            root -> assertThat(root.path().resolve("reports/table.csv")).isRegularFile());
  }

  @Test
  void containerExamples_nameTheFileByTheNamesThatAreLookedUp() throws Exception {
    Element environment =
        (Element)
            DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(EXAMPLES.resolve("tomcat-context.xml").toFile())
                .getElementsByTagName("Environment")
                .item(0);
    assertThat(ConfigurationFinder.JNDI_NAME)
        .isEqualTo("java:comp/env/" + environment.getAttribute("name"));
    assertThat(Files.readString(EXAMPLES.resolve("setenv.sh")))
        .contains("-D" + ConfigurationFinder.PROPERTY + "=");
    assertThat(Files.readString(EXAMPLES.resolve("lading.service.d.conf")))
        .contains("Environment=" + ConfigurationFinder.VARIABLE + "=");
  }
}
