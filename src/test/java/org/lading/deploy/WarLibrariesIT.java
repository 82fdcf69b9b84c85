package org.lading.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The libraries in the WAR are those that a text file lists, with their versions: a dependency that
 * brings another, or that changes the version of another, is noticed.
 */
class WarLibrariesIT {
  private static final String LIBRARIES = "WEB-INF/lib/";

  /** Where the launcher has the server that no container is to find. */
  private static final String LAUNCHER = "WEB-INF/launch/";

  private static final Path LISTS = Path.of("src/test/resources/org/lading/deploy");

  @ParameterizedTest
  @CsvSource({LIBRARIES + ", war-libraries.txt", LAUNCHER + ", war-launch.txt"})
  void libraries_areThoseThatAreListed(String below, String list) throws IOException {
    assertThat(libraries(below))
        .as(
            "If the change is meant: jar tf target/downloads.war | sed -n 's,^%s\\(..*\\),\\1,p' |"
                + " LC_ALL=C sort >%s",
            below, LISTS.resolve(list))
        .containsExactlyElementsOf(Files.readAllLines(LISTS.resolve(list)));
  }

  @Test
  void launcher_isNoClassOfTheApplication() throws IOException {
    try (ZipFile war = war()) {
      assertThat(war.stream().map(ZipEntry::getName))
          .contains("org/lading/launch/Main.class")
          .noneMatch(name -> name.startsWith("WEB-INF/classes/org/lading/launch/"));
    }
  }

  @Test
  void billOfMaterials_listsTheLibraries() throws IOException {
    assumeThat(System.getProperty("quick")).as("made by the full build alone").isNull();
    JsonNode bill;
    try (ZipFile war = war();
        InputStream json = war.getInputStream(war.getEntry("META-INF/sbom/bom.json"))) {
      bill = new ObjectMapper().readTree(json);
    }
    assertThat(bill.get("bomFormat").asText()).isEqualTo("CycloneDX");
    assertThat(bill.get("metadata").get("component").get("name").asText()).isEqualTo("lading");
    List<String> components =
        StreamSupport.stream(bill.get("components").spliterator(), false)
            .map(component -> text(component, "name") + "-" + text(component, "version") + ".jar")
            .sorted()
            .toList();
    assertThat(components)
        .isEqualTo(
            Stream.concat(libraries(LIBRARIES).stream(), libraries(LAUNCHER).stream())
                .sorted()
                .toList());
  }

  private static String text(JsonNode component, String field) {
    return component.get(field).asText();
  }

  private static List<String> libraries(String below) throws IOException {
    try (ZipFile war = war()) {
      return war.stream()
          .map(ZipEntry::getName)
          .filter(name -> name.startsWith(below) && !name.equals(below))
          .map(name -> name.substring(below.length()))
          .sorted()
          .toList();
    }
  }

  private static ZipFile war() throws IOException {
    return new ZipFile(System.getProperty("lading.war"));
  }
}
