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
import java.util.stream.StreamSupport;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/**
 * The libraries in the WAR are those that a text file lists, with their versions: a dependency that
 * brings another, or that changes the version of another, is noticed.
 */
class WarLibrariesIT {
  private static final String LIBRARIES = "WEB-INF/lib/";
  private static final Path LIST =
      Path.of("src/test/resources/org/lading/deploy/war-libraries.txt");

  @Test
  void libraries_areThoseThatAreListed() throws IOException {
    assertThat(libraries())
        .as(
            "If the change is meant: jar tf target/downloads.war | sed -n 's,^%s\\(..*\\),\\1,p' |"
                + " LC_ALL=C sort >%s",
            LIBRARIES, LIST)
        .containsExactlyElementsOf(Files.readAllLines(LIST));
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
    assertThat(components).isEqualTo(libraries());
  }

  private static String text(JsonNode component, String field) {
    return component.get(field).asText();
  }

  private static List<String> libraries() throws IOException {
    try (ZipFile war = war()) {
      return war.stream()
          .map(ZipEntry::getName)
          .filter(name -> name.startsWith(LIBRARIES) && !name.equals(LIBRARIES))
          .map(name -> name.substring(LIBRARIES.length()))
          .sorted()
          .toList();
    }
  }

  private static ZipFile war() throws IOException {
    return new ZipFile(System.getProperty("lading.war"));
  }
}
