package org.lading.backup;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The tables of a database, as it lists them itself: none is forgotten that a later version adds.
 */
final class TableSchema {
  /** The names of the tables that say which version the others have, and of SQLite's own. */
  private static final List<String> NOT_DATA = List.of("flyway_", "sqlite_");

  private TableSchema() {}

  /** How the values of a column are written. */
  enum Kind {
    TEXT,
    INTEGER,

    /** Numbers with a fraction. */
    REAL,

    /** Base64. */
    BYTES,

    /** A number in JSON, as SQLite has it: 0 or 1. */
    BOOLEAN,

    /** A number in JSON, as SQLite has it: the milliseconds since 1970. */
    TIME;

    /** Returns the word for it in an export, which is the same for both databases. */
    String word() {
      return switch (this) {
        case TEXT, REAL, BYTES -> name().toLowerCase(Locale.ROOT);
        case INTEGER, BOOLEAN, TIME -> "integer";
      };
    }
  }

  /**
   * A column.
   *
   * @param isNumbered whether the database gives its values where none are given
   */
  record Column(String name, Kind kind, boolean isNumbered) {}

  /** A table with its columns, of which there is at least one. */
  record Table(String name, List<Column> columns) {
    String columnNames() {
      return String.join(", ", columns.stream().map(Column::name).toList());
    }
  }

  /** Returns all tables with data, those first that others refer to. */
  static List<Table> of(Connection connection) throws SQLException {
    DatabaseMetaData database = connection.getMetaData();
    Map<String, Table> tables = new TreeMap<>();
    String schema = connection.getSchema();
    try (ResultSet found = database.getTables(null, schema, "%", new String[] {"TABLE"})) {
      while (found.next()) {
        String name = found.getString("TABLE_NAME");
        if (NOT_DATA.stream().noneMatch(name::startsWith)) {
          tables.put(name, new Table(name, columns(database, schema, name)));
        }
      }
    }
    Map<String, Set<String>> references = new TreeMap<>();
    for (String name : tables.keySet()) {
      references.put(name, references(database, schema, name));
    }
    return ordered(tables, references);
  }

  private static List<Column> columns(
      DatabaseMetaData database, @Nullable String schema, String table) throws SQLException {
    List<Column> columns = new ArrayList<>();
    try (ResultSet found = database.getColumns(null, schema, table, "%")) {
      while (found.next()) {
        // The pattern's underscore stands for any character.
        if (found.getString("TABLE_NAME").equals(table)) {
          String name = found.getString("COLUMN_NAME");
          boolean isNumbered = schema != null && "YES".equals(found.getString("IS_AUTOINCREMENT"));
          Kind kind = kind(table + "." + name, found.getString("TYPE_NAME"));
          columns.add(new Column(name, kind, isNumbered));
        }
      }
    }
    return columns;
  }

  private static Kind kind(String column, String type) {
    return switch (type.toLowerCase(Locale.ROOT)) {
      case "text", "varchar", "bpchar" -> Kind.TEXT;
      case "integer", "int8", "int4", "int2", "bigserial", "serial" -> Kind.INTEGER;
      case "real", "float8", "float4" -> Kind.REAL;
      case "blob", "bytea" -> Kind.BYTES;
      case "bool" -> Kind.BOOLEAN;
      case "timestamptz" -> Kind.TIME;
      default -> throw new BackupException("The column " + column + " has the type " + type);
    };
  }

  private static Set<String> references(
      DatabaseMetaData database, @Nullable String schema, String table) throws SQLException {
    Set<String> others = new TreeSet<>();
    try (ResultSet keys = database.getImportedKeys(null, schema, table)) {
      while (keys.next()) {
        others.add(keys.getString("PKTABLE_NAME"));
      }
    }
    others.remove(table);
    return others;
  }

  private static List<Table> ordered(
      Map<String, Table> tables, Map<String, Set<String>> references) {
    Map<String, Table> ordered = new LinkedHashMap<>();
    while (ordered.size() < tables.size()) {
      int before = ordered.size();
      tables.forEach(
          (name, table) -> {
            if (ordered.keySet().containsAll(references.getOrDefault(name, Set.of()))) {
              ordered.putIfAbsent(name, table);
            }
          });
      if (ordered.size() == before) {
        throw new BackupException("The tables refer to one another in a circle: " + references);
      }
    }
    return List.copyOf(ordered.values());
  }

  /** Returns the name of a table that has rows, or null if none has. */
  static @Nullable String tableWithRows(Connection connection) throws SQLException {
    for (Table table : of(connection)) {
      try (var statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("select 1 from " + table.name() + " limit 1")) {
        if (rows.next()) {
          return table.name();
        }
      }
    }
    return null;
  }
}
