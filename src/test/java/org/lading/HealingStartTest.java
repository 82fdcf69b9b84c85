package org.lading;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.lading.testing.Traces.awaited;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.spi.InitialContextFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.app.StartPauses;
import org.lading.app.Surroundings;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.LogLines;
import org.lading.testing.NginxServer;
import org.lading.testing.PostgresServer;
import org.lading.testing.S3Server;
import org.lading.testing.TcpProxy;
import org.lading.testing.TestDatabase;
import org.lading.testing.Traces;
import org.postgresql.Driver;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteDataSource;

/** What is missing at the start and comes later needs no restart, and has one line in the log. */
class HealingStartTest {
  private static final StartPauses SHORT =
      new StartPauses(
          Duration.ofMillis(20),
          Duration.ofMillis(100),
          Duration.ofSeconds(60),
          Duration.ofSeconds(2));
  private static final String ROOTS = "roots: [{name: main, path: root}]\n";
  private static final String CREATE =
      "{'root': 'main', 'targets': [{'type': 'file', 'path': 'a.txt'}]}";

  @TempDir Path directory;
  private final LogLines log = new LogLines();

  @BeforeEach
  void makeRoot() throws IOException {
    Files.createDirectories(directory.resolve("root"));
    Files.writeString(directory.resolve("root/a.txt"), "aaa");
  }

  @AfterEach
  void stopListening() {
    log.close();
  }

  @Test
  void databaseThatComesLater_heals_andMeanwhileEveryPageNamesIt() throws IOException {
    URI postgres = URI.create(PostgresServer.newDatabase().substring("jdbc:".length()));
    int port = NginxServer.freePort();
    String later = "jdbc:postgresql://127.0.0.1:" + port + postgres.getPath();
    TcpProxy proxy = null;
    try (LadingServer server = start(ROOTS + TestDatabase.postgres(later).settings())) {
      assertEveryPageNames(server, "database");
      proxy = new TcpProxy(postgres.getPort(), port);
      assertServes(server);
      assertThat(proxy.forwarded()).isPositive();
      assertLogged("database.url: " + later + " cannot be used by user postgres: ", "refused");
    } finally {
      // After the server, whose stop would wait for the database.
      if (proxy != null) {
        proxy.close();
      }
    }
  }

  @Test
  void databaseThatIsNotMadeYet_heals() {
    String there = PostgresServer.newDatabase();
    String later = there + "_later";
    try (LadingServer server = start(ROOTS + TestDatabase.postgres(later).settings())) {
      assertWaitsFor(server, "database");
      sql(there, "create database " + later.substring(later.lastIndexOf('/') + 1));
      assertServes(server);
    }
    assertLogged("database.url: " + later + " cannot be used by user postgres: ", "not exist");
  }

  @Test
  void userWhomTheDatabaseRefuses_heals_onceItTakesHim() {
    String url = PostgresServer.newDatabase();
    sql(url, "create role late nologin password 'hidden' superuser");
    String settings = "database: {url: \"%s\", user: late, password: hidden}\n".formatted(url);
    try (LadingServer server = start(ROOTS + settings)) {
      assertWaitsFor(server, "database");
      sql(url, "alter role late login");
      assertServes(server);
    }
    assertLogged("database.url: " + url + " cannot be used by user late: ", "not permitted");
  }

  @Test
  void tablesThatTheUserMayNotMake_heal_onceHeMay() {
    String url = PostgresServer.newDatabase();
    sql(url, "create role little login");
    sql(url, "revoke all on schema public from public");
    String settings = "database: {url: \"%s\", user: little}\n".formatted(url);
    try (LadingServer server = start(ROOTS + settings)) {
      assertWaitsFor(server, "database");
      sql(url, "grant all on schema public to little");
      assertServes(server);
    }
    assertLogged("database.url: " + url + " cannot be used by user little: ", "permission");
  }

  @Test
  void dataSourceThatIsBoundLater_heals() throws SQLException {
    // A container before in this JVM may have taken it away.
    DriverManager.registerDriver(new Driver());
    System.setProperty(Context.INITIAL_CONTEXT_FACTORY, Names.class.getName());
    String name = "jdbc/later";
    try (LadingServer server = start(ROOTS + "database: {jndi: %s}\n".formatted(name))) {
      assertWaitsFor(server, "database");
      PGSimpleDataSource source = new PGSimpleDataSource();
      source.setUrl(PostgresServer.newDatabase());
      source.setUser(PostgresServer.USER);
      Names.BOUND.put(name, source);
      assertServes(server);
    } finally {
      System.clearProperty(Context.INITIAL_CONTEXT_FACTORY);
    }
    assertLogged("database.jndi: " + name + " cannot be used: ", "no DataSource of this name");
  }

  @Test
  void storageThatIsMountedLater_heals() throws IOException {
    Path mount = directory.resolve("mount");
    Path storage = Files.createSymbolicLink(directory.resolve("storage"), mount);
    try (LadingServer server = start(ROOTS)) {
      assertWaitsFor(server, "storage");
      Files.createDirectory(mount);
      assertServes(server);
    }
    assertLogged("storage: " + storage + " cannot be written by user " + user() + ": ");
  }

  @Test
  void storageThatCannotBeWritten_heals_onceItCan() throws IOException {
    Path readOnly = Path.of("/proc/self/fdinfo");
    Path storage = Files.createSymbolicLink(directory.resolve("storage"), readOnly);
    try (LadingServer server = start(ROOTS)) {
      assertWaitsFor(server, "storage");
      Path writable = Files.createDirectory(directory.resolve("writable"));
      Path next = Files.createSymbolicLink(directory.resolve("next"), writable);
      Files.move(next, storage, REPLACE_EXISTING);
      assertServes(server);
    }
    assertLogged("storage: " + storage + " cannot be written by user " + user() + ": ");
  }

  @Test
  void databaseDirectoryThatIsAFile_heals_onceItIsNone() throws IOException {
    Path file = Files.createDirectories(directory.resolve("storage")).resolve("database");
    Files.writeString(file, "no directory");
    try (LadingServer server = start(ROOTS)) {
      assertWaitsFor(server, "database");
      Files.delete(file);
      assertServes(server);
    }
    assertLogged("database: the one in " + file + " cannot be opened by user " + user() + ": ");
  }

  // The connection is closed in the middle, since only that ends its lock.
  @SuppressWarnings("try")
  @Test
  void embeddedDatabaseThatAnotherProgramLocks_heals_onceItIsFree() throws SQLException {
    try (LadingServer before = start(ROOTS)) {
      assertServes(before);
    }
    Path file = directory.resolve("storage/database/lading.db");
    SQLiteDataSource database = new SQLiteDataSource();
    database.setUrl("jdbc:sqlite:" + file);
    LadingServer server;
    try (Connection other = database.getConnection();
        Statement lock = other.createStatement()) {
      // As a copy of it, or a program that looks into it, may do.
      lock.execute("pragma locking_mode = exclusive");
      lock.execute("begin exclusive");
      server = start(ROOTS);
      assertWaitsFor(server, "database");
    }
    try (server) {
      assertServes(server);
    }
    assertLogged("database: the one in " + file.getParent() + " cannot be opened by user ");
  }

  @Test
  void directoryOfARootThatComesLater_heals_andTheOthersServeMeanwhile() throws IOException {
    String roots = "roots: [{name: main, path: root}, {name: late, path: late}]\n";
    try (LadingServer server = start(roots)) {
      assertServes(server);
      assertThat(late(server).json().get("code").asText()).isEqualTo("storage_unavailable");
      Files.createDirectory(directory.resolve("late"));
      Files.writeString(directory.resolve("late/a.txt"), "aaa");
      assertThat(awaited(() -> late(server), reply -> reply.status() != 503).status())
          .isEqualTo(201);
    }
    assertNoStackTrace();
  }

  @Test
  void storeWhoseKeysAreInAFileThatComesLater_heals() throws IOException {
    Path credentials = directory.resolve("credentials");
    System.setProperty("aws.sharedCredentialsFile", credentials.toString());
    System.setProperty("aws.disableEc2Metadata", "true");
    try (S3Server s3 = new S3Server()) {
      s3.createBucket("bucket");
      s3.put("bucket", "a.txt", "aaa".getBytes(UTF_8));
      String late = "{name: late, bucket: bucket, region: eu-central-1, endpoint: '%s'}";
      try (LadingServer server =
          start("roots: [{name: main, path: root}, " + late.formatted(s3.endpoint()) + "]\n")) {
        assertServes(server);
        assertThat(late(server).json().get("code").asText()).isEqualTo("storage_unavailable");
        Files.writeString(
            credentials,
            "[default]\naws_access_key_id = %s\naws_secret_access_key = %s\n"
                .formatted(s3.accessKeyId(), s3.secretAccessKey()));
        assertThat(awaited(() -> late(server), reply -> reply.status() != 503).status())
            .isEqualTo(201);
      }
    } finally {
      System.clearProperty("aws.sharedCredentialsFile");
      System.clearProperty("aws.disableEc2Metadata");
    }
    assertNoStackTrace();
  }

  @Test
  void stopWhileTheStartIsTriedAgain_isPrompt_andLeavesNoThread() throws IOException {
    StartPauses hours =
        new StartPauses(
            Duration.ofHours(1), Duration.ofHours(1), Duration.ofMinutes(1), Duration.ofHours(1));
    Files.createSymbolicLink(directory.resolve("storage"), directory.resolve("none"));
    LadingServer server = start(ROOTS, hours);
    assertWaitsFor(server, "storage");
    assertThat(threads()).contains("lading-start");
    long begin = System.nanoTime();
    server.close();
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
    assertThat(threads()).isEmpty();
  }

  private LadingServer start(String settings) {
    return start(settings, SHORT);
  }

  private LadingServer start(String settings, StartPauses pauses) {
    return LadingServer.start(
        directory, settings, Surroundings.on(Clock.systemUTC()).withStartPauses(pauses), 0);
  }

  private static Reply late(LadingServer server) {
    return server.create(CREATE.replace("main", "late"));
  }

  private static void assertWaitsFor(LadingServer server, String part) {
    Reply reply = server.create(CREATE);
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.json().get("error").asText())
        .isEqualTo("Lading is starting: " + part + " is not available yet");
  }

  private static void assertEveryPageNames(LadingServer server, String part) {
    for (String page : List.of("/", "/create", "/main/id/status", "/metrics", "/main/a.txt")) {
      Reply reply = server.get(page);
      assertThat(reply.status()).as(page).isEqualTo(503);
      assertThat(reply.json().get("code").asText()).isEqualTo("starting");
      assertThat(reply.header("Retry-After")).isEqualTo("5");
      assertThat(server.head(page).status()).isEqualTo(503);
    }
    assertWaitsFor(server, part);
    assertThat(server.get("/", "Accept", "text/html", "Accept-Language", "de").text())
        .contains("Der Server startet gerade");
    assertThat(server.get("/health/live").status()).isEqualTo(200);
    Reply ready = server.get("/health/ready");
    assertThat(ready.status()).isEqualTo(503);
    assertThat(ready.json().at("/parts/settings/status").asText()).isEqualTo("ok");
    assertThat(ready.json().at("/parts/" + part + "/error").asText())
        .isEqualTo("Lading is starting: " + part + " is not available yet");
  }

  private static void assertServes(LadingServer server) {
    Reply created = awaited(() -> server.create(CREATE), reply -> reply.status() != 503);
    assertThat(server.get(LadingServer.page(created, "download")).status()).isEqualTo(200);
    assertThat(server.get("/health/ready").status()).isEqualTo(200);
  }

  /** One line was logged, whatever number of attempts there was. */
  private void assertLogged(String beginning, String... words) {
    assertThat(warnings())
        .singleElement()
        .asString()
        .startsWith("org.lading.app.StartFault: Not started yet, and tried again: " + beginning)
        .matches(
            line -> List.of(words).stream().allMatch(line::contains), List.of(words).toString())
        .doesNotContain("hidden");
    assertNoStackTrace();
  }

  private void assertNoStackTrace() {
    assertThat(log.records()).noneMatch(record -> record.contains("\tat "));
  }

  private List<String> warnings() {
    return log.warnings().stream().filter(line -> !line.startsWith("org.apache.")).toList();
  }

  private static List<String> threads() {
    return Traces.threads().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("lading-"))
        .toList();
  }

  private static String user() {
    return System.getProperty("user.name");
  }

  private static void sql(String url, String statement) {
    try (Connection connection = TestDatabase.postgres(url).connect();
        Statement sql = connection.createStatement()) {
      sql.execute(statement);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A naming service that knows what tests bind. */
  public static final class Names implements InitialContextFactory {
    static final Map<String, Object> BOUND = new ConcurrentHashMap<>();

    @Override
    public Context getInitialContext(Hashtable<?, ?> environment) throws NamingException {
      return new InitialContext(true) {
        @Override
        public Object lookup(String name) throws NamingException {
          Object bound = BOUND.get(name);
          if (bound == null) {
            throw new NameNotFoundException(name);
          }
          return bound;
        }
      };
    }
  }
}
