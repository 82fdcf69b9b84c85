package org.lading.backup;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.lading.backup.TableSchema.Column;
import org.lading.backup.TableSchema.Kind;
import org.lading.backup.TableSchema.Table;
import org.lading.base.JsonFactories;

/**
 * The file of one table in an export, compressed by gzip: lines of JSON. The first is {@code
 * {"table":"...","columns":[["name","kind"],...]}}, with the kinds {@code text}, {@code integer},
 * {@code real} and {@code bytes}. Each line after it is an array with the values of one row, in the
 * order of the columns. Bytes are Base64, times milliseconds since 1970, and truth is 0 or 1.
 */
final class TableFile {
  private static final String SUFFIX = ".jsonl.gz";

  private static final int ROWS_AT_ONCE = 500;

  /** The same of a table whose rows may have 128 KiB, of which PostgreSQL sends twice as much. */
  private static final int LARGE_ROWS_AT_ONCE = 10;

  private static final int BLOCK = 1 << 16;

  /** A row of an export is what a row of a database may be. */
  private static final JsonFactory FACTORY =
      JsonFactories.builder()
          .rootValueSeparator("\n")
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .build();

  private TableFile() {}

  private static Path file(Path directory, String table) {
    return directory.resolve(table + SUFFIX);
  }

  /** Returns the names of the tables that have a file in a directory. */
  static List<String> tables(Path directory) throws IOException {
    List<String> names = new ArrayList<>();
    try (var files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        names.add(name.substring(0, name.length() - SUFFIX.length()));
      }
    }
    return names;
  }

  /** Writes all rows of a table, and returns their number. */
  static long write(Connection snapshot, Table table, Path directory)
      throws IOException, SQLException {
    long count = 0;
    try (var out =
            new GZIPOutputStream(
                new BufferedOutputStream(
                    Files.newOutputStream(file(directory, table.name())), BLOCK),
                BLOCK);
        JsonGenerator json = FACTORY.createGenerator(out);
        Statement statement = snapshot.createStatement()) {
      writeHead(json, table);
      statement.setFetchSize(rowsAtOnce(table));
      try (ResultSet rows =
          statement.executeQuery("select " + table.columnNames() + " from " + table.name())) {
        while (rows.next()) {
          json.writeStartArray();
          for (int i = 0; i < table.columns().size(); i++) {
            writeValue(json, table.columns().get(i).kind(), rows, i + 1);
          }
          json.writeEndArray();
          count++;
        }
      }
      json.writeRaw('\n');
    }
    return count;
  }

  private static int rowsAtOnce(Table table) {
    boolean isLarge = table.columns().stream().anyMatch(column -> column.kind() == Kind.BYTES);
    return isLarge ? LARGE_ROWS_AT_ONCE : ROWS_AT_ONCE;
  }

  private static void writeHead(JsonGenerator json, Table table) throws IOException {
    json.writeStartObject();
    json.writeStringField("table", table.name());
    json.writeArrayFieldStart("columns");
    for (Column column : table.columns()) {
      json.writeArray(new String[] {column.name(), column.kind().word()}, 0, 2);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void writeValue(JsonGenerator json, Kind kind, ResultSet row, int column)
      throws IOException, SQLException {
    Object value =
        switch (kind) {
          case TEXT -> row.getString(column);
          case BYTES -> row.getBytes(column);
          case TIME -> row.getObject(column, OffsetDateTime.class);
          case INTEGER -> row.getLong(column);
          case REAL -> row.getDouble(column);
          case BOOLEAN -> row.getBoolean(column);
        };
    if (row.wasNull() || value == null) {
      json.writeNull();
    } else if (value instanceof String text) {
      json.writeString(text);
    } else if (value instanceof byte[] bytes) {
      json.writeBinary(bytes);
    } else if (value instanceof OffsetDateTime time) {
      json.writeNumber(time.toInstant().toEpochMilli());
    } else if (value instanceof Boolean isTrue) {
      json.writeNumber(isTrue ? 1 : 0);
    } else if (value instanceof Double fraction) {
      json.writeNumber(fraction);
    } else {
      json.writeNumber((Long) value);
    }
  }

  /**
   * Inserts all rows into a table that has the same columns, in the transaction of the connection.
   *
   * @return the number of rows
   */
  static long read(Connection connection, Table table, Path directory)
      throws IOException, SQLException {
    try (var in = new GZIPInputStream(Files.newInputStream(file(directory, table.name())), BLOCK);
        JsonParser json = FACTORY.createParser(in)) {
      List<Column> columns = columns(json, table);
      boolean isNumbered = columns.stream().anyMatch(Column::isNumbered);
      String insertion =
          "insert into "
              + table.name()
              + " ("
              + new Table(table.name(), columns).columnNames()
              + ")"
              + (isNumbered ? " overriding system value" : "")
              + " values ("
              + String.join(", ", columns.stream().map(column -> "?").toList())
              + ")";
      int rowsAtOnce = rowsAtOnce(table);
      long count = 0;
      try (PreparedStatement statement = connection.prepareStatement(insertion)) {
        while (json.nextToken() == JsonToken.START_ARRAY) {
          bind(json, columns, statement);
          count++;
          if (count % rowsAtOnce == 0) {
            statement.executeBatch();
          }
        }
        statement.executeBatch();
      }
      return count;
    }
  }

  private static void bind(JsonParser json, List<Column> columns, PreparedStatement statement)
      throws IOException, SQLException {
    for (int i = 0; i < columns.size(); i++) {
      if (json.nextToken() == JsonToken.VALUE_NULL) {
        statement.setNull(i + 1, Types.NULL);
        continue;
      }
      switch (columns.get(i).kind()) {
        case TEXT -> statement.setString(i + 1, json.getText());
        case INTEGER -> statement.setLong(i + 1, json.getLongValue());
        case REAL -> statement.setDouble(i + 1, json.getDoubleValue());
        case BYTES -> statement.setBytes(i + 1, json.getBinaryValue());
        case BOOLEAN -> statement.setBoolean(i + 1, json.getLongValue() != 0);
        case TIME ->
            statement.setObject(
                i + 1, Instant.ofEpochMilli(json.getLongValue()).atOffset(ZoneOffset.UTC));
      }
    }
    json.nextToken();
    statement.addBatch();
  }

  /** Returns the columns of a table in the order of its file, which must be the same ones. */
  private static List<Column> columns(JsonParser json, Table table) throws IOException {
    List<Column> columns = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    for (String[] named : readHead(json)) {
      table.columns().stream()
          .filter(one -> one.name().equals(named[0]) && one.kind().word().equals(named[1]))
          .findFirst()
          .ifPresentOrElse(columns::add, () -> unknown.add(named[0]));
    }
    if (!unknown.isEmpty() || columns.size() != table.columns().size()) {
      throw new BackupException(
          "The table " + table.name() + " has other columns than the export, such as " + unknown);
    }
    return columns;
  }

  private static List<String[]> readHead(JsonParser json) throws IOException {
    List<String[]> columns = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      if (json.currentToken() == JsonToken.START_ARRAY) {
        while (json.nextToken() == JsonToken.START_ARRAY) {
          columns.add(new String[] {json.nextTextValue(), json.nextTextValue()});
          json.nextToken();
        }
      }
    }
    return columns;
  }
}
