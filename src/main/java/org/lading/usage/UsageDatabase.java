package org.lading.usage;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.store.sqlite.WorkingDatabase;

/** The lines of the logs in tables, on disk, so that logs of any length take the same memory. */
final class UsageDatabase implements AutoCloseable {
  private static final List<String> TABLES =
      List.of(
          """
          create table download(id text primary key, client text, subject text, roots text,
            created text, is_new int not null default 0, files int, length int,
            has_files int not null default 0) without rowid""",
          """
          create table download_root(download text, root text, primary key(download, root))
          without rowid""",
          """
          create table file(download text, place int, root text, path text, size int, first int,
            last int, primary key(download, place, root, path))
          without rowid""",
          """
          create table agent(id integer primary key, name text not null unique,
            robot int not null)""",
          """
          create table reply(download text, address text, agent int, assembler text, began int,
            ended int, first int, bytes int, length int, complete int, reason text)""",
          """
          create table happening(event text, client text, page text, status int, code text, n int,
            primary key(event, client, page, status, code)) without rowid""",
          """
          create table delivery(id integer primary key, download text, address text, agent int,
            robot int, assembler text, began text, ended text, replies int, bytes int,
            complete int, reason text)""",
          """
          create table file_count(download text, place int, root text, path text, robot int,
            size int, n int, primary key(download, place, root, path, robot)) without rowid""");

  private final WorkingDatabase database;
  private final LineTables lines;

  private UsageDatabase(WorkingDatabase database, LineTables lines) {
    this.database = database;
    this.lines = lines;
  }

  /**
   * Makes empty tables.
   *
   * @param directory where their file is, or null for the system's directory for temporary files
   */
  static UsageDatabase open(@Nullable Path directory, RobotList robots) throws IOException {
    WorkingDatabase database = WorkingDatabase.create(directory);
    try (Statement statement = database.connection().createStatement()) {
      for (String table : TABLES) {
        statement.execute(table);
      }
      return new UsageDatabase(database, new LineTables(database.connection(), robots));
    } catch (SQLException e) {
      database.close();
      throw failed(e);
    }
  }

  /**
   * Adds a line, unless it is of an event that is none of this report's.
   *
   * @throws IllegalArgumentException if a field is missing or wrong
   */
  void add(AuditLine line, UsageOptions options) {
    try {
      lines.add(line, isWithin(options, line.time()));
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  static boolean isWithin(UsageOptions options, Instant time) {
    return !time.isBefore(options.from()) && time.isBefore(options.to());
  }

  /** Makes deliveries of the replies, and counts the files in them. */
  void merge(UsageOptions options) {
    try (DeliveryTables deliveries = new DeliveryTables(database.connection(), options);
        Statement statement = database.connection().createStatement()) {
      statement.execute(
          "update download set has_files = 1 where id in (select download from file)");
      statement.execute(
          "create index replies on reply(download, address, agent, assembler, ended, began)");
      try (ResultSet replies =
          statement.executeQuery(
              "select * from reply order by download, address, agent, assembler, ended, began")) {
        deliveries.addAll(replies);
      }
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** Writes the report. */
  void print(UsageOptions options, PrintWriter out) throws IOException {
    try (PreparedStatement query =
            database.connection().prepareStatement(options.report().query());
        ResultSet rows = query.executeQuery()) {
      new ReportWriter(out).write(rows, options.asJson());
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private static LadingException failed(SQLException e) {
    return new LadingException(
        ErrorCode.STORAGE_UNAVAILABLE,
        "The lines cannot be sorted (a full disk?): " + e.getMessage(),
        e);
  }

  @Override
  public void close() throws IOException {
    database.close();
  }
}
