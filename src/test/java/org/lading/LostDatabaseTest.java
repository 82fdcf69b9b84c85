package org.lading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lading.testing.Traces.awaited;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.LogLines;
import org.lading.testing.PostgresServer;
import org.lading.testing.TcpProxy;
import org.lading.testing.TestDatabase;
import org.lading.testing.UncaughtFailures;

/** The connection to the database is lost in the middle of a write. */
class LostDatabaseTest {
  private static final String VALUE = "a-name-of-a-client.txt";
  private static final String CREATE =
      "{'root': 'main', 'zip_name': 'a-name-of-a-client', 'targets': ["
          + "{'type': 'file', 'path': 'a-name-of-a-client.txt'}]}";

  @TempDir static Path directory;
  static TestDatabase database;
  static TcpProxy proxy;
  static int target;
  static LadingServer server;

  @BeforeAll
  static void start() throws IOException {
    Files.writeString(Files.createDirectories(directory.resolve("root")).resolve(VALUE), "a");
    String url = PostgresServer.newDatabase();
    database = TestDatabase.postgres(url);
    URI address = URI.create(url.substring("jdbc:".length()));
    target = address.getPort();
    proxy = new TcpProxy(target);
    String proxied = url.replace(":" + address.getPort() + "/", ":" + proxy.port() + "/");
    server =
        LadingServer.start(
            directory,
            "roots: [{name: main, path: root}]\n" + TestDatabase.postgres(proxied).settings());
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
    proxy.close();
  }

  /** The pool hands out a connection that was cut as long as it was in use a moment ago. */
  @BeforeEach
  void awaitConnection() {
    awaited(() -> server.create(CREATE), reply -> reply.status() == 201);
  }

  /** A lock on a table holds the write until the connection is cut. */
  @ParameterizedTest
  @CsvSource({
    "download, cut",
    "target_chunk, cut",
    "preparation_job, cut",
    "target_chunk, terminate"
  })
  void connectionLostInTheMiddleOfACreate_isUnavailable_andNothingOfItIsToldOrLogged(
      String table, String how) throws Exception {
    LogLines log = new LogLines();
    Reply reply = createWhileLocked(table, how);
    log.close();

    assertThat(reply.status()).as(reply.toString()).isEqualTo(503);
    assertThat(reply.json().get("code").asText()).isEqualTo("storage_unavailable");
    assertThat(reply.json().get("error").asText()).isEqualTo("The database did not answer");
    assertThat(reply.header("Retry-After")).isEqualTo("30");
    assertThat(log.records()).anyMatch(record -> record.contains("The database did not answer"));
    assertThat(records(log))
        .noneMatch(record -> record.toLowerCase(Locale.ROOT).contains("insert into"))
        .noneMatch(record -> record.contains("a-name-of-a-client"));
  }

  @Test
  void connectionLostInTheMiddleOfAPreparation_isLoggedWithoutAnythingOfIt() throws Exception {
    try (LogLines log = new LogLines()) {
      Reply reply = createWhileLocked("entry_chunk", "cut", "Prefer", "respond-async");
      assertThat(reply.status()).as(reply.toString()).isEqualTo(202);
      awaited(
          () -> log.records(),
          records -> records.stream().anyMatch(record -> record.contains("did not answer")));
      assertThat(records(log))
          .noneMatch(record -> record.toLowerCase(Locale.ROOT).contains("insert into"))
          .noneMatch(record -> record.contains("a-name-of-a-client"));
    }
  }

  /** Long enough for the pool of connections to give up waiting, which takes 10 seconds. */
  @Test
  void databaseThatIsAwayForAWhile_hasAtMostFiveLinesInTheLog_andNoStackTrace() throws Exception {
    int port = proxy.port();
    List<String> lines;
    try (LogLines log = new LogLines()) {
      proxy.close();
      for (int round = 0; round < 2; round++) {
        List<CompletableFuture<Reply>> creating =
            Stream.generate(() -> CompletableFuture.supplyAsync(() -> server.create(CREATE)))
                .limit(5)
                .toList();
        for (CompletableFuture<Reply> one : creating) {
          assertThat(one.get(30, TimeUnit.SECONDS).status()).isEqualTo(503);
        }
      }
      proxy = new TcpProxy(target, port);
      awaited(() -> log.records().toString(), all -> all.contains("The database answers again"));
      awaitConnection();
      lines = records(log).stream().filter(record -> !record.startsWith("Download ")).toList();
    }
    assertThat(lines).hasSizeBetween(2, 5);
    assertThat(lines).noneMatch(line -> line.contains("\tat "));
  }

  /** As after a failover: what was the first server is a standby, and answers. */
  @Test
  void databaseThatIsReadOnly_isNotReady_andHasOneLineInTheLog_untilItCanBeWritten()
      throws Exception {
    List<String> lines;
    try (LogLines log = new LogLines();
        UncaughtFailures uncaught = new UncaughtFailures()) {
      setReadOnly("on");
      for (int round = 0; round < 6; round++) {
        Reply refused = server.create(CREATE);
        assertThat(refused.status()).as(refused.toString()).isEqualTo(503);
        Thread.sleep(500);
      }
      assertThat(server.create(CREATE).json().get("error").asText())
          .isEqualTo("The database cannot be written: it is read-only");
      Reply ready = awaited(() -> server.get("/health/ready"), reply -> reply.status() == 503);
      assertThat(ready.text()).contains("The database cannot be written: it is read-only");
      assertThat(server.status().status()).isEqualTo(503);
      setReadOnly("off");
      awaitConnection();
      awaited(() -> server.get("/health/ready").status(), status -> status == 200);
      assertThat(uncaught.soFar()).isEmpty();
      lines = records(log).stream().filter(record -> !record.startsWith("Download ")).toList();
    }
    assertThat(lines).hasSizeBetween(1, 5).noneMatch(line -> line.contains("\tat "));
    assertThat(lines.stream().filter(line -> line.contains(") cannot be written: it is read-only")))
        .singleElement()
        .asString()
        .contains("database.url: jdbc:postgresql:", "default_transaction_read_only");
  }

  /** Sets it for all connections that begin, and cuts those that there are. */
  private static void setReadOnly(String value) throws Exception {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("set default_transaction_read_only = off");
      // The upkeep is due at once.
      statement.execute("update recurring_job set execution_time = now() where not picked");
      String name = connection.getCatalog();
      statement.execute(
          "alter database \"%s\" set default_transaction_read_only = %s".formatted(name, value));
      statement.execute(
          "select pg_terminate_backend(pid) from pg_stat_activity"
              + " where pid <> pg_backend_pid() and datname = '%s'".formatted(name));
    }
  }

  /**
   * Without the lines of the database's server, which begin with the time, and without those of the
   * audit log, which may name files.
   */
  private static List<String> records(LogLines log) {
    return log.records().stream()
        .filter(record -> !record.matches("(?s)\\d{4}-\\d\\d-.*"))
        .filter(record -> !record.startsWith("{\"time\":"))
        .toList();
  }

  private static Reply createWhileLocked(String table, String how, String... headers)
      throws Exception {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("lock table " + table + " in share mode");
      CompletableFuture<Reply> creating =
          CompletableFuture.supplyAsync(() -> server.create(CREATE, headers));
      String waiting =
          "from pg_stat_activity where wait_event_type = 'Lock' and query like '%" + table + "%'";
      awaited(() -> database.number("select count(*) " + waiting), count -> count > 0);
      if (how.equals("cut")) {
        proxy.cutAll();
      } else {
        database.texts("select pg_terminate_backend(pid) " + waiting);
      }
      return creating.get(60, TimeUnit.SECONDS);
    }
  }
}
