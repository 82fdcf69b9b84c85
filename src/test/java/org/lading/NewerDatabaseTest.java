package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.base.BuildVersion;
import org.lading.error.LadingException;
import org.lading.store.DatabaseExamination;
import org.lading.testing.LadingServer;
import org.lading.testing.LogLines;

/** A WAR that is older than the tables of its database. */
class NewerDatabaseTest {
  private static final String SENTENCE = "The tables have the version 99, of a newer Lading.";
  private static final String THIS = "This one, " + BuildVersion.OF_THIS_BUILD;

  @Test
  void newerTables_areRefused_withBothVersions_andStayAsTheyAre(@TempDir Path directory)
      throws IOException {
    Files.createDirectories(directory.resolve("root"));
    String settings = "roots:\n  - {name: main, path: root}\n";
    try (LadingServer newer = LadingServer.start(directory, settings)) {
      newer.sql(
          "insert into flyway_schema_history select 99, '99', 'later', type, script, 1, installed_by,"
              + " installed_on, 1, success from flyway_schema_history where version = '1'");
    }

    try (LogLines log = new LogLines();
        LadingServer older = LadingServer.start(directory, settings)) {
      assertThat(older.get("/status").status()).isEqualTo(503);
      assertThat(older.create("{}").status()).isEqualTo(503);
      assertThat(log.warnings())
          .anyMatch(line -> line.contains(SENTENCE) && line.contains(THIS))
          .anyMatch(line -> line.matches("(?s).*knows them up to version \\d+:.*"));
      assertThat(older.number("select count(*) from flyway_schema_history where version = '99'"))
          .isEqualTo(1);
    }
    assertThat(state(directory)).contains(SENTENCE, THIS);
  }

  /** What the check of the settings says of the database. */
  private static String state(Path directory) {
    Path library = directory.resolve("library");
    try (DatabaseExamination database =
        DatabaseExamination.ofEmbedded(directory.resolve("storage/database"), library)) {
      return database.state();
    } catch (LadingException e) {
      return e.getMessage();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
