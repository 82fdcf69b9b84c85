package org.lading.usage;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.Set;
import org.lading.base.JsonFactories;

/** Writes the rows of a report as CSV (RFC 4180) or as JSON lines. */
final class ReportWriter {
  private static final Set<String> FLAGS = Set.of("robot", "complete");

  /** With one of these a cell begins that a spreadsheet takes for a formula. */
  private static final String FORMULA = "=+-@\t\r";

  private static final String MUST_BE_QUOTED = ",\"\r\n";

  private final PrintWriter out;

  /** Makes a writer, which does not close what it writes to. */
  ReportWriter(PrintWriter out) {
    this.out = out;
  }

  /** Writes all rows, one at a time. */
  void write(ResultSet rows, boolean asJson) throws SQLException, IOException {
    int columns = rows.getMetaData().getColumnCount();
    if (!asJson) {
      for (int column = 1; column <= columns; column++) {
        cell(column, rows.getMetaData().getColumnLabel(column));
      }
      out.print("\r\n");
    }
    while (rows.next()) {
      if (asJson) {
        json(rows, columns);
        out.print("\n");
      } else {
        for (int column = 1; column <= columns; column++) {
          cell(column, text(rows, column));
        }
        out.print("\r\n");
      }
    }
  }

  private void cell(int column, String value) {
    if (column > 1) {
      out.print(',');
    }
    // A number has no sign here: whoever names files or browsers must not write formulas.
    String safe = !value.isEmpty() && FORMULA.indexOf(value.charAt(0)) >= 0 ? "'" + value : value;
    boolean quoted = safe.chars().anyMatch(c -> MUST_BE_QUOTED.indexOf(c) >= 0);
    out.print(quoted ? '"' + safe.replace("\"", "\"\"") + '"' : safe);
  }

  private static String text(ResultSet rows, int column) throws SQLException {
    if (FLAGS.contains(rows.getMetaData().getColumnLabel(column))) {
      return String.valueOf(rows.getBoolean(column));
    }
    String value = rows.getString(column);
    return value == null ? "" : value;
  }

  private void json(ResultSet rows, int columns) throws SQLException, IOException {
    ResultSetMetaData head = rows.getMetaData();
    try (JsonGenerator json = JsonFactories.DEFAULT.createGenerator(out)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
      json.writeStartObject();
      for (int column = 1; column <= columns; column++) {
        String name = head.getColumnLabel(column);
        Object value = rows.getObject(column);
        if (FLAGS.contains(name)) {
          json.writeBooleanField(name, rows.getBoolean(column));
        } else if (value instanceof Number) {
          json.writeNumberField(name, rows.getLong(column));
        } else if (value != null) {
          json.writeStringField(name, value.toString());
        }
      }
      json.writeEndObject();
    }
  }
}
