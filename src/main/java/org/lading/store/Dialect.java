package org.lading.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** What SQLite and PostgreSQL do not write in the same way. */
enum Dialect {
  /** SQLite, whose times are milliseconds since 1970, which is what db-scheduler stores too. */
  SQLITE {
    @Override
    Object time(Instant time) {
      return time.toEpochMilli();
    }

    @Override
    @Nullable Instant time(ResultSet row, String column) throws SQLException {
      long millis = row.getLong(column);
      return row.wasNull() ? null : Instant.ofEpochMilli(millis);
    }

    @Override
    String elements(String parameter) {
      return "json_each(" + parameter + ")";
    }

    @Override
    String isReadOnly() {
      return "select 0";
    }

    @Override
    String smallWrite() {
      return "pragma user_version = 0";
    }

    @Override
    String lock() {
      return "";
    }

    @Override
    String lockFree() {
      return "";
    }
  },

  /** PostgreSQL. */
  POSTGRESQL {
    @Override
    Object time(Instant time) {
      return time.atOffset(ZoneOffset.UTC);
    }

    @Override
    @Nullable Instant time(ResultSet row, String column) throws SQLException {
      OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
      return time == null ? null : time.toInstant();
    }

    @Override
    String elements(String parameter) {
      return "json_array_elements(cast(" + parameter + " as json))";
    }

    @Override
    String isReadOnly() {
      return "select pg_is_in_recovery() or cast(current_setting('transaction_read_only') as boolean)";
    }

    @Override
    String smallWrite() {
      return "update recurring_job set version = version where false";
    }

    @Override
    String lock() {
      return " for update";
    }

    @Override
    String lockFree() {
      return " for update skip locked";
    }
  };

  /** Returns the argument of a statement that stands for a time. */
  abstract Object time(Instant time);

  /** Returns the time in a column, or null. */
  abstract @Nullable Instant time(ResultSet row, String column) throws SQLException;

  /**
   * Returns the expression of a table of the elements of a JSON array, in the column {@code value}.
   *
   * @param parameter the parameter of the statement that has the array
   */
  abstract String elements(String parameter);

  /**
   * Returns a statement that a database that cannot be written refuses, and that changes nothing.
   */
  abstract String smallWrite();

  /** Returns the query that tells whether every write is refused. */
  abstract String isReadOnly();

  /**
   * Returns the end of a query whose rows nobody else may change until the transaction ends; in
   * SQLite nobody else writes at all.
   */
  abstract String lock();

  /** As {@link #lock}, for a query that passes over rows that another transaction has locked. */
  abstract String lockFree();
}
