package org.lading.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.config.ConfigurationFinder;
import org.lading.config.ConfigurationLoader;
import org.lading.testing.Documents;

/** The tables of settings have what the loader reads, with the defaults that hold. */
class ConfigurationDocumentTest {
  private static final String DOCUMENT = "docs/configuration.md";
  private static final Path READERS = Path.of("src/main/java/org/lading/config");

  /** How the readers of the configuration ask for a setting: as the first argument of a call. */
  private static final Pattern ASKED =
      Pattern.compile("\\w\\s*\\.(?!equals|of\\()\\w+\\(\\s*\"([a-z0-9_]+)\"");

  /** A default that a file can say as it stands in the table. */
  private static final Pattern VALUE = Pattern.compile("`[a-z]+`|\\d+(?:[a-z]| [A-Za-z]+)?");

  /** What has no default where messages come. */
  private static final String AMQP =
      "incoming_queue: requests\nnginx_url: https://files.example.org\namqp:\n";

  @TempDir Path directory;

  @Test
  void tables_haveTheSettingsThatAreRead() throws IOException {
    TreeSet<String> asked = new TreeSet<>();
    try (Stream<Path> sources = Files.list(READERS)) {
      for (Path source : sources.filter(file -> file.toString().endsWith("Reader.java")).toList()) {
        ASKED.matcher(Files.readString(source)).results().forEach(call -> asked.add(call.group(1)));
      }
    }
    TreeSet<String> documented = new TreeSet<>();
    for (String setting : settings().keySet()) {
      documented.addAll(Arrays.asList(setting.replace("[]", "").split("\\.", -1)));
    }
    assertThat(asked).contains("storage", "bucket", "token_sha256", "jndi", "targets");
    assertThat(documented).isEqualTo(asked);
  }

  @Test
  void tables_haveTheDefaultsThatHold() throws IOException {
    StringBuilder top = new StringBuilder();
    StringBuilder limits = new StringBuilder("limits:\n");
    StringBuilder ofClients = new StringBuilder("  client:\n");
    StringBuilder ofAddresses = new StringBuilder("  address:\n");
    StringBuilder amqp = new StringBuilder(AMQP);
    StringBuilder audit = new StringBuilder("audit:\n");
    StringBuilder files = new StringBuilder();
    StringBuilder bucket = new StringBuilder();
    settings()
        .forEach(
            (setting, given) -> {
              if (!VALUE.matcher(given).matches()) {
                return;
              }
              String key = setting.substring(setting.indexOf('.') + 1);
              String line = key + ": " + given.replace("`", "") + "\n";
              if (setting.startsWith("roots[].")) {
                boolean ofFiles = key.equals("serve") || key.equals("follow_symlinks");
                (ofFiles ? files : bucket).append("    ").append(line);
              } else if (setting.startsWith("limits.client.")) {
                ofClients.append("    ").append(line.substring("client.".length()));
              } else if (setting.startsWith("limits.address.")) {
                ofAddresses.append("    ").append(line.substring("address.".length()));
              } else if (setting.startsWith("limits.")) {
                limits.append("  ").append(line);
              } else if (setting.startsWith("amqp.")) {
                amqp.append("  ").append(line);
              } else if (setting.startsWith("audit.")) {
                audit.append("  ").append(line);
              } else {
                top.append(line);
              }
            });
    assertThat(top).contains("retention_days", "assembler");
    assertThat(List.of(limits, ofClients, ofAddresses, amqp, audit, files, bucket))
        .allSatisfy(some -> assertThat(some).contains(": "));

    assertThat(
            load(
                top + limits.toString() + ofClients + ofAddresses + amqp + audit,
                files.toString(),
                bucket.toString()))
        .isEqualTo(load(AMQP, "", ""));
  }

  @Test
  void places_areThoseThatAreLookedAtInTheirOrder() {
    assertThat(Documents.between(DOCUMENT, "## Where the file lies", "\n## "))
        .containsSubsequence(
            "system property `" + ConfigurationFinder.PROPERTY,
            "environment variable `" + ConfigurationFinder.VARIABLE,
            "JNDI `" + ConfigurationFinder.JNDI_NAME,
            "context parameter `" + ConfigurationFinder.PROPERTY,
            "/etc/lading/lading.yml");
  }

  @Test
  void namesThatAreTaken_areRefused() throws IOException {
    List<List<String>> taken = Documents.table(DOCUMENT, "## Names that are taken");
    StringBuilder settings = new StringBuilder("storage: /storage\nroots:\n");
    Set<String> roots = Documents.code(taken.get(0).get(1));
    roots.forEach(name -> settings.append("  - {name: %s, path: /files}\n".formatted(name)));
    Set<String> buckets = Documents.code(taken.get(1).get(1));
    buckets.forEach(
        name -> settings.append("  - {name: of-%s, bucket: %s}\n".formatted(name, name)));
    Path file = Files.writeString(directory.resolve("lading.yml"), settings);

    assertThat(roots).contains("create", "zip", "openapi.json");
    assertThatThrownBy(() -> ConfigurationLoader.load(file, Map.of()))
        .satisfies(
            thrown -> {
              roots.forEach(n -> assertThat(thrown).hasMessageContaining(n + " is reserved"));
              buckets.forEach(n -> assertThat(thrown).hasMessageContaining(n + " would collide"));
            });
  }

  private Object load(String top, String files, String bucket) throws IOException {
    Path file = directory.resolve("lading.yml");
    Files.writeString(
        file,
        "storage: /storage\nroots:\n  - name: files\n    path: /files\n"
            + files
            + "  - name: bucket\n    bucket: content\n"
            + bucket
            + top);
    return ConfigurationLoader.load(file, Map.of());
  }

  private static Map<String, String> settings() {
    Map<String, String> settings = Documents.byCode(Documents.table(DOCUMENT, "<!-- settings -->"));
    settings.putAll(Documents.byCode(Documents.table(DOCUMENT, "### Settings of a root")));
    return settings;
  }
}
