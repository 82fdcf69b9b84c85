package org.lading.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.lading.error.LadingException;
import org.lading.testing.NeedsProgram;
import org.lading.testing.PostgresServer;
import org.lading.testing.Programs;
import org.lading.testing.TestDatabase;

/** What a look at PostgreSQL tells; the check of settings looks at the embedded database. */
@NeedsProgram(Programs.UNSHARE)
class DatabaseExaminationTest {
  private static final String TABLES =
      "select count(*) from information_schema.tables where table_schema = 'public'";

  private static String state(String url) throws SQLException {
    try (DatabaseExamination database =
        DatabaseExamination.of(url, PostgresServer.USER, "no-password")) {
      assertThat(database.isInUse()).isFalse();
      return database.state();
    }
  }

  private static void execute(String url, String sql) throws SQLException {
    try (Connection connection = TestDatabase.postgres(url).connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void emptyDatabase_staysEmpty_andOneOfALadingIsAsItShouldBe() throws SQLException {
    String url = PostgresServer.newDatabase();
    assertThat(state(url)).contains("no tables yet");
    assertThat(TestDatabase.postgres(url).number(TABLES)).isZero();

    Database.open(url, PostgresServer.USER, null).close();
    assertThat(state(url)).matches("its tables have the version \\d+, as they should");

    execute(url, "update flyway_schema_history set checksum = 1");
    assertThatThrownBy(() -> state(url)).hasMessageContaining("not those of this version");

    execute(
        url,
        "update flyway_schema_history set version = '99', installed_rank = 99 where version = '1'");
    assertThatThrownBy(() -> state(url)).hasMessageContaining("version 99, of a newer Lading");
  }

  @Test
  void tablesOfAnotherApplication_areAFault() throws SQLException {
    String url = PostgresServer.newDatabase();
    execute(url, "create table orders (id int)");
    assertThatThrownBy(() -> state(url))
        .isInstanceOf(LadingException.class)
        .hasMessageContaining("orders");
  }

  @Test
  void databaseThatIsNotThere_isAFault_whichHasNoPassword() {
    String url = PostgresServer.newDatabase().replaceFirst("/[^/]*$", "/nowhere");
    assertThatThrownBy(() -> state(url + "?password=no-password"))
        .isInstanceOf(LadingException.class)
        .hasMessageContaining("nowhere")
        .hasMessageNotContaining("no-password");
  }
}
