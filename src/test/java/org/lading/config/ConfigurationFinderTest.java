package org.lading.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationFinderTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  private final Map<String, String> properties = new HashMap<>();
  private final Map<String, String> variables = new HashMap<>();
  private final Map<String, String> jndi = new HashMap<>();

  private Path defaultFile() {
    return directory.resolve("default.yml");
  }

  private Path find(@Nullable String contextParameter) {
    return new ConfigurationFinder(properties::get, variables::get, jndi::get, defaultFile())
        .find(contextParameter);
  }

  private String file(String name) throws IOException {
    return Files.writeString(directory.resolve(name), "").toString();
  }

  @Test
  void places_areAskedInOrder() throws IOException {
    Files.writeString(defaultFile(), "");
    assertThat(find(null)).isEqualTo(defaultFile());

    assertThat(find(file("context.yml"))).hasFileName("context.yml");

    jndi.put("java:comp/env/lading/config", file("jndi.yml"));
    assertThat(find(file("context.yml"))).hasFileName("jndi.yml");

    variables.put("LADING_CONFIG", file("variable.yml"));
    assertThat(find(null)).hasFileName("variable.yml");

    properties.put("lading.config", file("property.yml"));
    assertThat(find(null)).hasFileName("property.yml").isAbsolute();
  }

  @Test
  void blankName_countsAsNone() throws IOException {
    properties.put("lading.config", " ");
    variables.put("LADING_CONFIG", file("variable.yml"));

    assertThat(find(null)).hasFileName("variable.yml");
  }

  @Test
  void namedFileThatIsNotThere_isAFaultThatSaysWhoNamedIt() throws IOException {
    Files.writeString(defaultFile(), "");
    variables.put("LADING_CONFIG", "/nowhere/lading.yml");

    assertThatThrownBy(() -> find(null))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "/nowhere/lading.yml: no such file; it is named by environment variable LADING_CONFIG");
  }

  @Test
  void nothingNamedAndNoDefault_isAFaultThatListsAllPlaces() {
    assertThatThrownBy(() -> find(null))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll(
            "system property lading.config",
            "environment variable LADING_CONFIG",
            "JNDI java:comp/env/lading/config",
            "servlet context parameter lading.config",
            defaultFile().toString());
  }

  @Test
  void thisProcess_withoutJndi_goesOnToTheContextParameter() throws IOException {
    assertThat(ConfigurationFinder.ofThisProcess().find(file("context.yml")))
        .hasFileName("context.yml");
  }
}
