package org.lading.store.sqlite;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks whether the database is damaged. A large one is checked table by table, since the
 * write-ahead log grows as long as one query lasts.
 */
final class DatabaseCheck implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DatabaseCheck.class);

  private static final String OK = "ok";

  /** The maximum size in bytes of a database that is checked by one query. */
  private static final long MAX_BYTES_AT_ONCE = 256L << 20;

  private final DataSource database;
  private volatile @Nullable Statement running;
  private volatile @Nullable String damage;
  private volatile boolean isClosed;

  DatabaseCheck(DataSource database) {
    this.database = database;
  }

  /** Checks all tables, and logs every fault. */
  void run() {
    long began = System.nanoTime();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      running = statement;
      List<String> faults = new ArrayList<>();
      for (String query : queries(statement)) {
        if (!isClosed) {
          faults.addAll(texts(statement, query));
        }
      }
      faults.removeIf(OK::equals);
      report(faults, (System.nanoTime() - began) / 1_000_000);
    } catch (SQLException e) {
      if (!isClosed) {
        damage = e.getMessage();
        log.error("The database is damaged: {}", e.getMessage(), e);
      }
    } finally {
      running = null;
    }
  }

  private static List<String> queries(Statement statement) throws SQLException {
    String size = "select page_count * page_size from pragma_page_count, pragma_page_size";
    return Long.parseLong(texts(statement, size).get(0)) <= MAX_BYTES_AT_ONCE
        ? List.of("pragma quick_check")
        : texts(
            statement,
            "select 'pragma quick_check(' || name || ')' from sqlite_schema where type = 'table'");
  }

  private void report(List<String> faults, long millis) {
    if (faults.isEmpty()) {
      log.info("The database was checked in {} ms", millis);
    } else {
      damage = faults.get(0);
      faults.forEach(fault -> log.error("The database is damaged: {}", fault));
    }
  }

  private static List<String> texts(Statement statement, String query) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
    }
    return texts;
  }

  /** Returns the first fault that was found, or null. */
  @Nullable String damage() {
    return damage;
  }

  /** Ends a check that is running. */
  @Override
  public void close() {
    isClosed = true;
    Statement statement = running;
    if (statement != null) {
      try {
        statement.cancel();
      } catch (SQLException e) {
        log.debug("The check has just ended", e);
      }
    }
  }
}
