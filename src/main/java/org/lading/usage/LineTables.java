package org.lading.usage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes lines into the tables of downloads, files, replies and events. */
final class LineTables {
  /** The maximum number of user agents that are kept in memory; the others are looked up. */
  private static final int MAX_AGENTS = 10_000;

  private final RobotList robots;
  private final Map<String, Long> agents = new HashMap<>();
  private final PreparedStatement download;
  private final PreparedStatement details;
  private final PreparedStatement root;
  private final PreparedStatement file;
  private final PreparedStatement addAgent;
  private final PreparedStatement findAgent;
  private final PreparedStatement reply;
  private final PreparedStatement happening;

  LineTables(Connection connection, RobotList robots) throws SQLException {
    this.robots = robots;
    this.download = connection.prepareStatement("insert or ignore into download(id) values (?)");
    this.details =
        connection.prepareStatement(
            """
            update download set client = coalesce(client, ?), subject = coalesce(subject, ?),
              roots = coalesce(roots, ?), created = coalesce(?, created),
              is_new = max(is_new, ?), files = coalesce(?, files), length = coalesce(?, length)
            where id = ?""");
    this.root = connection.prepareStatement("insert or ignore into download_root values (?, ?)");
    this.file =
        connection.prepareStatement("insert or ignore into file values (?, ?, ?, ?, ?, ?, ?)");
    this.addAgent =
        connection.prepareStatement("insert or ignore into agent(name, robot) values (?, ?)");
    this.findAgent = connection.prepareStatement("select id from agent where name = ?");
    this.reply =
        connection.prepareStatement("insert into reply values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    this.happening =
        connection.prepareStatement(
            """
            insert into happening values (?, ?, ?, ?, ?, 1)
            on conflict do update set n = n + 1""");
  }

  /**
   * Adds a line.
   *
   * @param isWithin whether it was written in the period of the report
   */
  void add(AuditLine line, boolean isWithin) throws SQLException {
    String event = line.required("event");
    if (event.equals("entry")) {
      addFile(line);
    } else {
      addDetails(line, event.equals("created"), isWithin);
    }
    if (event.equals("delivered")) {
      addReply(line);
    }
    if (isWithin && !event.equals("entry")) {
      run(
          happening,
          event,
          text(line, "client"),
          text(line, "page"),
          text(line, "status"),
          text(line, "code"));
    }
  }

  private void addDetails(AuditLine line, boolean isCreated, boolean isWithin) throws SQLException {
    String id = line.text("download");
    if (id == null) {
      return;
    }
    List<String> roots = line.list("roots");
    run(download, id);
    run(
        details,
        line.text("client"),
        line.text("subject"),
        roots.isEmpty() ? null : String.join(" ", roots),
        isCreated ? line.time().toString() : null,
        isCreated && isWithin ? 1 : 0,
        line.number("files"),
        line.number("length"),
        id);
    for (String name : roots) {
      run(root, id, name);
    }
  }

  private void addFile(AuditLine line) throws SQLException {
    run(
        file,
        line.required("download"),
        line.number("first"),
        text(line, "root"),
        line.required("path"),
        line.number("size"),
        line.number("first"),
        line.signed("last"));
  }

  private void addReply(AuditLine line) throws SQLException {
    Long status = line.number("status");
    if (status != null && status != 200 && status != 206) {
      return;
    }
    String id = line.required("download");
    Long bytes = line.number("bytes");
    if (bytes == null) {
      throw new IllegalArgumentException("no bytes");
    }
    Long first = line.number("first");
    boolean isWhole = status == null || status == 200;
    // nginx does not tell where the ranges of a reply with several were.
    boolean isUnknown = !isWhole && (first == null || "".equals(line.given("content_range")));
    long ended = line.time().toEpochMilli();
    Long length = line.number("length");
    run(
        reply,
        id,
        text(line, "address"),
        agent(text(line, "user_agent")),
        text(line, "assembler"),
        ended - duration(line),
        ended,
        isUnknown ? Long.valueOf(-1) : Objects.requireNonNullElse(first, 0L),
        bytes,
        Objects.requireNonNullElse(length, -1L),
        "true".equals(line.text("complete")) ? 1 : 0,
        text(line, "ended"));
  }

  /** Returns how long a reply took in milliseconds. */
  private static long duration(AuditLine line) {
    return Objects.requireNonNullElse(line.number("duration_ms"), 0L);
  }

  private long agent(String name) throws SQLException {
    Long known = agents.get(name);
    if (known != null) {
      return known;
    }
    run(addAgent, name, robots.matches(name) ? 1 : 0);
    findAgent.setString(1, name);
    try (ResultSet row = findAgent.executeQuery()) {
      row.next();
      long id = row.getLong(1);
      if (agents.size() < MAX_AGENTS) {
        agents.put(name, id);
      }
      return id;
    }
  }

  private static String text(AuditLine line, String name) {
    String value = line.text(name);
    return value == null ? "" : value;
  }

  /** Runs a statement with its parameters in order. */
  static void run(PreparedStatement statement, @Nullable Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
    statement.executeUpdate();
  }
}
