package org.lading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lading.testing.Traces.awaited;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.app.Surroundings;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.RawDownload;
import org.lading.testing.SettableClock;

/** Downloads whose time is up. */
class ExpiryTest {
  private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration RENEWAL_PAUSE = Duration.ofSeconds(1);

  /** More than are removed at once. */
  private static final int MANY = 120;

  private static final int LARGE = 40 << 20;

  @TempDir Path directory;
  private final SettableClock now = new SettableClock(START);
  private LadingServer server;

  @BeforeEach
  void start() throws IOException {
    Files.createDirectories(directory.resolve("root"));
    Files.writeString(directory.resolve("root/a.txt"), "aaa");
    try (RandomAccessFile large =
        new RandomAccessFile(directory.resolve("root/large").toFile(), "rw")) {
      large.setLength(LARGE);
    }
    startServer();
  }

  private void startServer() {
    server =
        LadingServer.start(
            directory,
            "literals: storage\nroots:\n  - {name: main, path: root}\n",
            Surroundings.on(now).withRenewalPause(RENEWAL_PAUSE),
            0);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void expiredDownload_isGone_andItsContentsAreRemoved() {
    Reply created = create("a.txt", 1);
    Reply longer = create("a.txt", 2);
    String id = created.json().get("id").asText();

    now.set(START.plus(DAY).minusMillis(1));
    assertThat(server.get(LadingServer.page(created, "status")).status()).isEqualTo(200);
    now.set(START.plus(DAY));
    assertIsGone(created);

    runJobs();
    awaited(() -> server.stored(), stored -> stored.stream().noneMatch(holds(id)));
    assertThat(contentOf(id)).doesNotExist();
    assertIsGone(created);
    Reply page = server.get(LadingServer.page(created, "status"), "Accept", "text/html");
    assertThat(page.status()).isEqualTo(410);
    assertThat(server.get(LadingServer.page(longer, "get")).status()).isEqualTo(200);
    assertThat(server.get(LadingServer.page(longer, "download")).status()).isEqualTo(200);
  }

  @Test
  void expiredDownload_isForgottenAfterAMonth() {
    Reply created = create("a.txt", 1);
    now.set(START.plus(DAY));
    runJobs();
    awaited(() -> state(created), "EXPIRED"::equals);
    now.set(START.plus(DAY).plus(Duration.ofDays(31)));
    runJobs();
    awaited(() -> server.number("select count(*) from download"), count -> count == 0);
    assertThat(server.get(LadingServer.page(created, "get")).status()).isEqualTo(404);
  }

  @Test
  void crashInTheMiddle_isTakenUpAgain() throws IOException {
    Reply created = create("a.txt", 1);
    String id = created.json().get("id").asText();
    now.set(START.plus(DAY));
    server.sql("update download set state = 'EXPIRED'");
    Files.delete(contentOf(id).resolve("1-0/0"));

    runJobs();
    awaited(() -> server.stored(), stored -> stored.stream().noneMatch(holds(id)));
    assertThat(contentOf(id)).doesNotExist();
  }

  @Test
  void downloadThatIsNeverPrepared_expiresToo() {
    Reply created = create("a.txt", 1);
    server.sql("update download set state = 'PENDING'");
    now.set(START.plus(DAY));
    runJobs();
    awaited(() -> state(created), "EXPIRED"::equals);
    assertIsGone(created);
  }

  @Test
  void downloadThatIsBeingStreamed_isFinished_andGoesThen() throws IOException {
    Reply created = create("large", 1);
    String id = created.json().get("id").asText();
    String page = LadingServer.page(created, "download");
    now.set(START.plus(DAY).minusSeconds(30));
    try (RawDownload slow = new RawDownload(server.port(), "/downloads" + page)) {
      slow.read(1 << 20);
      now.set(START.plus(DAY).plusSeconds(30));
      assertIsGone(created);
      runJobs();
      assertThat(server.stored()).anyMatch(holds(id));

      slow.discard();
      assertThat(slow.isComplete()).isTrue();
    }
    now.set(START.plus(DAY).plus(Duration.ofMinutes(10)));
    runJobs();
    awaited(() -> server.stored(), stored -> stored.stream().noneMatch(holds(id)));
  }

  @Test
  void downloadThatIsStreamedForLong_isHeldAgainAndAgain() throws IOException {
    Reply created = create("large", 1);
    String id = created.json().get("id").asText();
    try (RawDownload slow =
        new RawDownload(server.port(), "/downloads" + LadingServer.page(created, "download"))) {
      slow.read(1 << 20);
      now.set(START.plus(DAY).minusSeconds(30));
      Instant held = START.plus(DAY).plusSeconds(80);
      awaited(() -> dueAt(created), due -> due.isAfter(held));
      now.set(START.plus(DAY).plusSeconds(60));
      awaited(() -> dueAt(created), due -> due.isAfter(held.plusSeconds(80)));
      assertThat(server.stored()).anyMatch(holds(id));
      slow.discard();
      assertThat(slow.isComplete()).isTrue();
    }
  }

  @Test
  void manifestThatWasJustServed_keepsItsFilesForHalfADay() {
    Reply created = create("a.txt", 1);
    String id = created.json().get("id").asText();
    now.set(START.plus(DAY).minus(Duration.ofHours(7)));
    assertThat(server.get(LadingServer.page(created, "get")).status()).isEqualTo(200);
    now.set(START.plus(DAY).plus(Duration.ofHours(4)));
    assertIsGone(created);
    runJobs();
    assertThat(contentOf(id).resolve("1-0/0")).exists();

    now.set(START.plus(DAY).plus(Duration.ofHours(13)));
    runJobs();
    awaited(() -> server.stored(), stored -> stored.stream().noneMatch(holds(id)));
  }

  @Test
  void manyThatExpireTogether_areAllRemoved() {
    for (int i = 0; i < MANY; i++) {
      create("a.txt", 1);
    }
    Reply kept = create("a.txt", 3);
    now.set(START.plus(DAY));
    runJobs();
    awaited(
        () -> server.number("select count(*) from download where state = 'EXPIRED'"),
        count -> count == MANY);
    awaited(() -> server.number("select count(*) from entry_chunk"), count -> count == 1);
    assertThat(server.get(LadingServer.page(kept, "get")).status()).isEqualTo(200);
    assertThat(
            filesOf("storage/content").filter(path -> path.getFileName().toString().length() == 32))
        .hasSize(1);
  }

  @Test
  void filesThatNoDownloadOwns_areRemovedAfterADay_andNothingElse() throws IOException {
    Reply created = create("a.txt", 3);
    Path content = directory.resolve("storage/content");
    Path orphan = Files.createDirectories(content.resolve("A".repeat(32) + "/1-0"));
    Path fresh = Files.createDirectories(content.resolve("B".repeat(32) + "/1-0"));
    Path other = Files.createDirectories(content.resolve("of-somebody-else"));
    Path owned = contentOf(created.json().get("id").asText());
    for (Path old : new Path[] {orphan.getParent(), other, owned}) {
      Files.setLastModifiedTime(old, FileTime.from(START.minus(Duration.ofHours(25))));
    }
    Files.setLastModifiedTime(fresh.getParent(), FileTime.from(START));

    // Each start looks for such files, as does each hour.
    stop();
    startServer();
    awaited(() -> orphan.getParent(), path -> !Files.exists(path));
    assertThat(fresh).exists();
    assertThat(other).exists();
    assertThat(owned).exists();
  }

  private Reply create(String path, int days) {
    return server.create(
        ("{'root': 'main', 'timeout': %d, 'targets': [{'type': 'file', 'path': '%s'},"
                + " {'type': 'literal', 'name': 'note', 'content': 'x'}]}")
            .formatted(days, path));
  }

  private void assertIsGone(Reply created) {
    for (String page : new String[] {"get", "download", "manifest", "status"}) {
      Reply reply = server.get(LadingServer.page(created, page));
      assertThat(reply.status()).as(page).isEqualTo(410);
      assertThat(reply.json().get("code").asText()).isEqualTo("expired");
    }
  }

  private String state(Reply created) {
    return server.text(
        "select state from download where id = '" + created.json().get("id").asText() + "'");
  }

  private Instant dueAt(Reply created) {
    return Instant.ofEpochMilli(
        server.number(
            "select "
                + server.database().millis("due_at")
                + " from download where id = '"
                + created.json().get("id").asText()
                + "'"));
  }

  private Path contentOf(String id) {
    return directory.resolve("storage/content/" + id);
  }

  private Stream<Path> filesOf(String below) {
    try (Stream<Path> files = Files.walk(directory.resolve(below))) {
      return files.toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Predicate<String> holds(String id) {
    return stored -> stored.contains(id) && !stored.startsWith("download ");
  }

  /** Has all recurring jobs done now rather than when it is their time. */
  private void runJobs() {
    String running =
        "select count(*) from recurring_job where picked or execution_time < "
            + server.database().time(Instant.now());
    awaited(() -> server.number(running), count -> count == 0);
    server.makeDue("recurring_job", "true");
    awaited(() -> server.number(running), count -> count == 0);
  }
}
