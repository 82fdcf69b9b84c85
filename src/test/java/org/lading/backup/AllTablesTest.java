package org.lading.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lading.testing.BackupCommand.done;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.backup.TableSchema.Column;
import org.lading.backup.TableSchema.Table;
import org.lading.store.Database;
import org.lading.testing.NeedsProgram;
import org.lading.testing.PostgresServer;
import org.lading.testing.Programs;
import org.lading.testing.TestDatabase;

/** Every table and column on its way from one database to the other and back. */
@NeedsProgram(Programs.UNSHARE)
class AllTablesTest {
  @TempDir Path directory;

  @Test
  void everyColumnOfEveryTable_comesBackAsItWas() throws IOException, SQLException {
    Path first = home("first", "");
    TestDatabase sqlite = TestDatabase.embedded(first.resolve("storage"));
    Database.openEmbedded(first.resolve("storage/database")).close();
    List<String> named =
        sqlite.texts(
            "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'"
                + " and name not like 'flyway_%' order by name");
    try (Connection connection = sqlite.connect()) {
      List<Table> tables = TableSchema.of(connection);
      assertThat(tables.stream().map(Table::name).sorted()).isEqualTo(named);
      for (Table table : tables) {
        insertRow(connection, table);
      }
    }

    Path exported = directory.resolve("exported");
    done(first, "export", exported);
    TestDatabase postgres = TestDatabase.postgres(PostgresServer.newDatabase());
    Path second = home("second", postgres.settings());
    done(second, "import", exported);
    assertThat(columns(postgres)).isEqualTo(columns(sqlite));
    columns(postgres)
        .forEach(
            (table, columns) ->
                assertThat(
                        postgres.number(
                            "select count(*) from "
                                + table
                                + " where "
                                + String.join(" is not null and ", columns)
                                + " is not null"))
                    .as(table)
                    .isEqualTo(1));

    Path again = directory.resolve("again");
    done(second, "export", again);
    Path third = home("third", "");
    done(third, "import", again);
    Path last = directory.resolve("last");
    done(third, "export", last);
    assertThat(lines(last)).isEqualTo(lines(exported)).hasSameSizeAs(named);
  }

  private Path home(String name, String settings) throws IOException {
    Path home = directory.resolve(name);
    Files.createDirectories(home.resolve("root"));
    Files.writeString(
        home.resolve("lading.yml"),
        "roots: [{name: main, path: root}]\nstorage: storage\nclients: open\n" + settings);
    return home;
  }

  /**
   * Inserts a row without nulls, with the same text in all columns, so that it may refer to others.
   */
  private static void insertRow(Connection connection, Table table) throws SQLException {
    List<String> values = table.columns().stream().map(AllTablesTest::value).toList();
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "insert into %s (%s) values (%s)"
              .formatted(table.name(), table.columnNames(), String.join(", ", values)));
    }
  }

  private static String value(Column column) {
    // A job that is picked is given back.
    return switch (column.kind()) {
      case TEXT -> "'x'";
      case BYTES -> "x'00ff'";
      case REAL -> "0.5";
      default -> column.name().equals("picked") ? "0" : "1";
    };
  }

  private static Map<String, Collection<String>> columns(TestDatabase database)
      throws SQLException {
    Map<String, Collection<String>> columns = new TreeMap<>();
    try (Connection connection = database.connect()) {
      for (Table table : TableSchema.of(connection)) {
        columns.put(table.name(), table.columns().stream().map(Column::name).sorted().toList());
      }
    }
    return columns;
  }

  private static Map<String, String> lines(Path export) throws IOException {
    Map<String, String> lines = new TreeMap<>();
    Path tables = export.resolve("tables");
    for (String table : TableFile.tables(tables)) {
      try (InputStream in =
          new GZIPInputStream(Files.newInputStream(tables.resolve(table + ".jsonl.gz")))) {
        lines.put(table, new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return lines;
  }
}
