package org.lading;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.LogLines;
import org.lading.testing.PostgresServer;
import org.lading.testing.TestDatabase;
import org.lading.testing.Traces;

/** What waiting does not cure is not tried again, and stands in the log as one block. */
class FaultySettingsTest {
  private static final String ROOTS = "roots: [{name: main, path: root}]\n";

  @TempDir Path directory;
  private final LogLines log = new LogLines();

  @BeforeEach
  void makeRoot() throws IOException {
    Files.createDirectories(directory.resolve("root"));
  }

  @AfterEach
  void stopListening() {
    log.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "roots: [{name: a, path: /a}]\\nretenion_days: 3 | 2: retenion_days: unknown key; did you mean retention_days?",
        "roots: [{name: a, path: /a}\\n | not YAML",
        "roots: [{name: a, path: /a}]\\nretention_days: many | 2: retention_days: must be a whole number",
        "retention_days: 3 | roots: is required",
        "roots: [{name: a, path: '${LADING_NOT_SET}'}] | 1: roots[0].path: ",
        "roots: [{name: a, path: /a}, {name: a, path: /b}] | 1: roots[1].name: another root is named a",
        "roots: [{name: a, path: storage/content/x}] | storage",
        "roots: [{name: a, path: /a}]\\nroots: [] | 2: roots: given twice",
        "roots: [{name: a, path: /a}]\\ndatabase: {url: 'jdbc:mysql://h/d'} | 2: database.url: ",
        "roots: [{name: a, bucket: b, aws_access_key_id: x}] | 1: roots[0].aws_access_key_id: needs aws_secret_access_key",
        "roots: [{name: a, path: .}] | storage",
      })
  void faultOfTheSettings_isFinal_andNamesFileLineAndKey(String yaml, String fault) {
    try (LadingServer server = LadingServer.start(directory, yaml.replace("\\n", "\n"))) {
      assertFinal(server, "Not configured: " + directory.resolve("lading.yml"), fault);
    }
  }

  @Test
  void fileThatIsNotUtf8_isFinal() throws IOException {
    Path settings = directory.resolve("other.yml");
    Files.write(settings, "roots: [{name: a, path: /\u00e4}]".getBytes(ISO_8859_1));
    assertFinal(settings, "Not configured: " + settings, "is not UTF-8");
  }

  @Test
  void fileThatIsMissing_isFinal() {
    Path settings = directory.resolve("none.yml");
    assertFinal(settings, "Not configured: " + settings + ": no such file", "lading.config");
  }

  private void assertFinal(Path settings, String... words) {
    System.setProperty("lading.config", settings.toString());
    try (LadingServer server = LadingServer.start(directory, ROOTS)) {
      assertFinal(server, words);
    } finally {
      System.clearProperty("lading.config");
    }
  }

  @Test
  void fileThatIsNoDatabase_isFinal() throws IOException {
    Path database = Files.createDirectories(directory.resolve("storage/database"));
    Files.writeString(database.resolve("lading.db"), "no database, ".repeat(1000));
    try (LadingServer server = LadingServer.start(directory, ROOTS)) {
      assertFinal(server, "Not started: database: the one in " + database, "is damaged, or no");
    }
  }

  @Test
  void tablesThatAreNotOfLading_areFinal() throws SQLException {
    TestDatabase database = TestDatabase.postgres(PostgresServer.newDatabase());
    LadingServer.start(directory, ROOTS + database.settings()).close();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("update flyway_schema_history set checksum = 1 where version = '1'");
    }
    try (LadingServer server = LadingServer.start(directory, ROOTS + database.settings())) {
      assertFinal(server, "Not started: database.url: " + database.url(), "not those of a Lading");
    }
  }

  @Test
  void tablesOfANewerLading_areFinal() throws SQLException {
    LadingServer.start(directory, ROOTS).close();
    TestDatabase database = TestDatabase.embedded(directory.resolve("storage"));
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "insert into flyway_schema_history (installed_rank, version, description, type, script,"
              + " installed_by, execution_time, success)"
              + " values (999, '999', 'later', 'SQL', 'V999__later.sql', 'x', 1, 1)");
    }
    try (LadingServer server = LadingServer.start(directory, ROOTS)) {
      assertFinal(server, "Not started: database: ", "the version 999, of a newer Lading");
    }
  }

  private void assertFinal(LadingServer server, String... words) {
    for (String page : List.of("/", "/create", "/status")) {
      Reply reply = server.get(page);
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.json().get("code").asText()).isEqualTo("not_configured");
      assertThat(reply.header("Retry-After")).isNull();
    }
    assertThat(server.get("/health/live").status()).isEqualTo(200);
    assertThat(server.get("/health/ready").status()).isEqualTo(503);
    assertThat(log.warnings().stream().filter(line -> line.startsWith("org.lading.")))
        .singleElement()
        .matches(
            line -> List.of(words).stream().allMatch(line::contains), List.of(words).toString());
    assertThat(log.records()).noneMatch(record -> record.contains("\tat "));
    assertThat(Traces.threads()).noneMatch(thread -> thread.getName().equals("lading-start"));
  }
}
