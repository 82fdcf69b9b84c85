package org.lading.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.lading.base.Digests;
import org.lading.store.Database;
import org.lading.testing.Http.Reply;

/**
 * What a released version had stored when its links answered in a certain way: the rows of its
 * tables, the files in its storage, and the answers. Each release writes its own, by {@link #main}.
 */
public final class ReleasedData {
  /** The time at which everything was stored, and is to be asked for. */
  public static final Instant TIME = Instant.parse("2026-01-15T12:00:00Z");

  /** The headers of the client that asked for the downloads. */
  public static String[] client() {
    return new String[] {"Authorization", "Bearer portal"};
  }

  private static final Path RELEASES = Path.of("src/test/resources/org/lading/released");
  private static final Instant MODIFIED = TIME.minus(Duration.ofDays(30));
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Of a receiver of webhooks that never answers, so that its messages wait. */
  private static final String NOTIFY = "http://127.0.0.1:9/hooks";

  private static final String SETTINGS =
      """
      roots:
        - {name: main, path: root}
        - {name: open, path: root/sub, public: true}
        - {name: later, path: later}
      nginx_url: https://files.example.org
      clients:
        - {name: portal, token_sha256: %s, webhook_secrets: [whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw]}
      webhooks: {allow: ["%s"]}
      """
          .formatted(hex("portal".getBytes(StandardCharsets.UTF_8)), NOTIFY);

  /** The tables whose rows others refer to come first. */
  private static final List<String> FIRST = List.of("download");

  private final Path directory;
  private final String kind;
  private TestDatabase database;

  /**
   * Takes the data of a release.
   *
   * @param release its version
   * @param kind {@code sqlite} or {@code postgresql}
   */
  public ReleasedData(String release, String kind) {
    this.directory = RELEASES.resolve(release);
    this.kind = kind;
  }

  /** An answer of a link. */
  public record Answer(String page, int status, String etag, String sha256) {
    private static Answer of(LadingServer server, String page) {
      Reply reply = server.get(page, client());
      String etag = reply.header("ETag");
      // The sentences of errors may change.
      String bytes = reply.status() == 200 ? hex(reply.bytes()) : "";
      return new Answer(page, reply.status(), etag == null ? "" : etag, bytes);
    }
  }

  /** What the links answered, in the order in which they were asked. */
  public List<Answer> answers() {
    List<Answer> answers = new ArrayList<>();
    for (JsonNode one : description().get("answers")) {
      answers.add(
          new Answer(
              one.get("page").asText(),
              one.get("status").asInt(),
              one.get("etag").asText(),
              one.get("sha256").asText()));
    }
    return answers;
  }

  /** What the same links answer now. */
  public List<Answer> answers(LadingServer server) {
    return answers().stream().map(one -> Answer.of(server, one.page())).toList();
  }

  /** The page of the status of a download that waited for its root, which is there now. */
  public String waiting() {
    return description().get("waiting").asText();
  }

  /** The database of the server that was started last. */
  public TestDatabase database() {
    return database;
  }

  private JsonNode description() {
    try {
      return JSON.readTree(Files.readString(directory.resolve(kind + ".json")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Starts a server in an empty directory, with the tables, rows and files of the release.
   *
   * @param tables the version of its tables
   */
  public LadingServer start(Path home, String tables) throws IOException, SQLException {
    makeRoots(home);
    Files.createDirectories(home.resolve("later"));
    Files.writeString(home.resolve("later/note.txt"), "here at last");
    for (JsonNode file : description().get("files")) {
      Path path = home.resolve("storage/content").resolve(file.get("path").asText());
      Files.createDirectories(path.getParent());
      if (file.has("link")) {
        Files.createSymbolicLink(path, home.resolve(file.get("link").asText()));
      } else {
        Files.writeString(path, file.get("text").asText());
        Files.setLastModifiedTime(path, FileTime.from(TIME));
      }
    }
    if (kind.equals("sqlite")) {
      database = TestDatabase.embedded(home.resolve("storage"));
      Database.openEmbedded(home.resolve("storage/database"), tables).close();
    } else {
      database = TestDatabase.postgres(PostgresServer.newDatabase());
      Database.open(database.url(), database.user(), null, tables).close();
    }
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (String row : Files.readAllLines(directory.resolve(kind + ".sql"))) {
        statement.execute(row);
      }
      connection.commit();
    }
    return LadingServer.start(home, SETTINGS + database.settings(), new SettableClock(TIME), 0);
  }

  private static void makeRoots(Path home) throws IOException {
    Path root = home.resolve("root");
    Files.createDirectories(root.resolve("sub/empty"));
    Files.writeString(root.resolve("a.txt"), "the first file\n".repeat(100));
    Files.writeString(root.resolve("sub/übersicht 100%.txt"), "the second one");
    byte[] noise = new byte[70_000];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (byte) ((i * 31) >> (i % 7));
    }
    Files.write(root.resolve("sub/noise.bin"), noise);
    try (Stream<Path> all = Files.walk(root)) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.setLastModifiedTime(one, FileTime.from(MODIFIED));
      }
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(Digests.sha256().digest(bytes));
  }

  /** Writes the data of this version, which is the first argument, below the test's resources. */
  public static void main(String[] arguments) throws IOException, SQLException {
    for (String kind : List.of("sqlite", "postgresql")) {
      try (ScratchDirectory home = new ScratchDirectory()) {
        new ReleasedData(arguments[0], kind).write(home.path());
      }
    }
  }

  private void write(Path home) throws IOException, SQLException {
    Files.createDirectories(directory);
    makeRoots(home);
    SettableClock clock = new SettableClock(TIME.minus(Duration.ofDays(3)));
    database =
        kind.equals("sqlite")
            ? TestDatabase.embedded(home.resolve("storage"))
            : TestDatabase.postgres(PostgresServer.newDatabase());
    ObjectNode description = JSON.createObjectNode();
    try (LadingServer server = LadingServer.start(home, SETTINGS + database.settings(), clock, 0)) {
      List<String> pages = new ArrayList<>();
      pages.add(page(create(server, "'timeout': 1, 'root': 'main', " + FILE), "download"));
      clock.set(TIME);
      makeJobsDue();
      Traces.awaited(
          () -> database.texts("select state from download"), List.of("EXPIRED")::equals);
      for (String request : REQUESTS) {
        Reply created = create(server, request);
        pages.add(page(created, "download"));
        pages.add(page(created, "get"));
      }
      pages.add("/zip/open");
      Traces.awaited(() -> Answer.of(server, "/zip/open").status(), status -> status == 200);
      Reply waiting = create(server, "'root': 'later', " + NOTE, "Prefer", "wait=0");
      description.put("waiting", "/later/" + waiting.json().get("id").asText() + "/status");
      for (String page : pages) {
        Answer answer = Answer.of(server, page);
        description.withArray("answers").addPOJO(JSON.valueToTree(answer));
      }
      Traces.awaited(
          () -> database.number("select count(*) from download where next_try_at is not null"),
          count -> count == 1);
    }
    addFiles(home, description);
    Files.write(directory.resolve(kind + ".sql"), rows());
    Files.writeString(
        directory.resolve(kind + ".json"),
        JSON.writerWithDefaultPrettyPrinter().writeValueAsString(description) + "\n");
  }

  private void makeJobsDue() throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "update recurring_job set execution_time = " + database.time(Instant.EPOCH));
    }
  }

  private static final String FILE = "'targets': [{'type': 'file', 'path': 'a.txt'}]";
  private static final String NOTE = "'targets': [{'type': 'file', 'path': 'note.txt'}]";
  private static final List<String> REQUESTS =
      List.of(
          "'root': 'main', 'zip_name': 'everything', 'notify': '"
              + NOTIFY
              + "', 'targets': [{'type': 'directory', 'path': '', 'recursive': true},"
              + " {'type': 'literal', 'name': 'note', 'content': 'written on request'},"
              + " {'type': 'literal', 'name': 'nothing', 'content': ''}]",
          "'root': 'main', 'targets': [{'type': 'file', 'path': 'a.txt'},"
              + " {'root': 'open', 'type': 'file', 'path': 'noise.bin'}]");

  private static Reply create(LadingServer server, String fields, String... headers) {
    return server.create(
        "{" + fields + "}",
        Stream.concat(Stream.of(client()), Stream.of(headers)).toArray(String[]::new));
  }

  private static String page(Reply created, String page) {
    return LadingServer.page(created, page);
  }

  private static void addFiles(Path home, ObjectNode description) throws IOException {
    Path content = home.resolve("storage/content");
    try (Stream<Path> files = Files.walk(content)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        ObjectNode one =
            description.withArray("files").addObject().put("path", content.relativize(file) + "");
        if (Files.isSymbolicLink(file)) {
          one.put("link", home.relativize(Files.readSymbolicLink(file)).toString());
        } else {
          one.put("text", Files.readString(file));
        }
      }
    }
  }

  /** All rows, as statements of SQL. */
  private List<String> rows() throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      List<String> tables = new ArrayList<>(FIRST);
      try (ResultSet all =
          connection
              .getMetaData()
              .getTables(null, connection.getSchema(), "%", new String[] {"TABLE"})) {
        while (all.next()) {
          String name = all.getString("TABLE_NAME");
          if (!tables.contains(name) && !name.startsWith("flyway")) {
            tables.add(name);
          }
        }
      }
      for (String table : tables) {
        try (ResultSet found = statement.executeQuery("select * from " + table)) {
          while (found.next()) {
            rows.add(insertion(table, found));
          }
        }
      }
    }
    return rows;
  }

  private static String insertion(String table, ResultSet row) throws SQLException {
    List<String> names = new ArrayList<>();
    List<String> values = new ArrayList<>();
    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
      names.add(row.getMetaData().getColumnName(i));
      values.add(value(row.getObject(i), row.getString(i), row));
    }
    boolean isPostgres = row.getStatement().getConnection().getSchema() != null;
    return "insert into "
        + table
        + " ("
        + String.join(", ", names)
        + ")"
        + (isPostgres ? " overriding system value" : "")
        + " values ("
        + String.join(", ", values)
        + ")";
  }

  private static String value(Object value, String text, ResultSet row) throws SQLException {
    if (value == null) {
      return "null";
    }
    if (value instanceof byte[] bytes) {
      String hex = HexFormat.of().formatHex(bytes);
      boolean isPostgres = row.getStatement().getConnection().getSchema() != null;
      return isPostgres ? "'\\x" + hex + "'" : "x'" + hex + "'";
    }
    return value instanceof Number || value instanceof Boolean
        ? value.toString()
        : "'" + text.replace("'", "''") + "'";
  }
}
