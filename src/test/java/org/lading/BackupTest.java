package org.lading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lading.testing.BackupCommand.done;
import static org.lading.testing.BackupCommand.refused;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.base.Digests;
import org.lading.testing.BackupCommand;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.NeedsProgram;
import org.lading.testing.PostgresServer;
import org.lading.testing.Program;
import org.lading.testing.Programs;
import org.lading.testing.TestDatabase;
import org.lading.testing.Traces;

/** Backups of a running Lading, and its way to another database. */
class BackupTest {
  private static final String REQUEST =
      "{'root': 'main', 'targets': [{'type': 'directory', 'path': '', 'recursive': true},"
          + " {'type': 'literal', 'name': 'note', 'content': 'written for %s'}]}";
  private static final int WRITERS = 2;

  @TempDir Path directory;
  private Path root;
  private Path home;
  private Path backup;

  @BeforeEach
  void makeRoot() throws IOException {
    root = Files.createDirectories(directory.resolve("root"));
    home = Files.createDirectories(directory.resolve("home"));
    backup = directory.resolve("backups/today");
    for (int i = 0; i < 20; i++) {
      Files.writeString(root.resolve(i + ".txt"), "content " + i);
    }
  }

  private String settings() {
    return "roots:\n  - {name: main, path: %s}\n".formatted(root);
  }

  private LadingServer start(Path where, String more) throws IOException {
    Files.createDirectories(where);
    return LadingServer.start(where, settings() + more);
  }

  private static String download(LadingServer server, String text) {
    return LadingServer.page(server.create(REQUEST.formatted(text)), "download");
  }

  private static String sha256(Reply reply) {
    assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
    return HexFormat.of().formatHex(Digests.sha256().digest(reply.bytes()));
  }

  /** The digests of the bytes of all links. */
  private static Map<String, String> bytes(LadingServer server, Iterable<String> links) {
    Map<String, String> bytes = new TreeMap<>();
    links.forEach(link -> bytes.put(link, sha256(server.get(link))));
    return bytes;
  }

  @Test
  @NeedsProgram(Programs.UNSHARE)
  void backupUnderLoad_andItsMoveToPostgres_keepEveryLinkOfBefore() throws Exception {
    Map<String, String> before;
    try (LadingServer server = start(home, "");
        Load load = new Load(server)) {
      load.awaitLinks(10);
      List<String> acknowledged = load.links();
      done(home, "backup", backup);
      load.end();
      assertThat(load.links()).hasSizeGreaterThan(acknowledged.size());
      before = bytes(server, acknowledged);
    }
    assertClosedToOthers();

    Path restored = directory.resolve("restored");
    start(restored, "storage: other\n").close();
    assertThat(refused(restored, "restore", backup)).contains("is there: nothing is restored");
    try (Stream<Path> stored = Files.list(restored.resolve("other"))) {
      for (Path part : stored.toList()) {
        Files.move(part, directory.resolve("away-" + part.getFileName()));
      }
    }
    done(restored, "restore", backup);
    try (LadingServer server = start(restored, "storage: other\n")) {
      assertThat(bytes(server, before.keySet())).isEqualTo(before);
      assertThat(server.get("/status").json().at("/parts/storage/incomplete_downloads").asInt())
          .isZero();
      done(restored, "export", directory.resolve("export"));
      assertThat(refused(restored, "restore", backup)).contains("Another Lading");
    }

    Path moved = home("moved", TestDatabase.postgres(PostgresServer.newDatabase()).settings());
    done(moved, "import", directory.resolve("export"));
    try (LadingServer server = LadingServer.start(moved, Files.readString(yaml(moved)))) {
      assertThat(bytes(server, before.keySet())).isEqualTo(before);
      String later = download(server, "kept in the new database");
      before.putAll(bytes(server, List.of(later)));
      done(moved, "export", directory.resolve("export-back"));
    }
    assertThat(refused(moved, "import", directory.resolve("export"))).contains("has rows");
    assertThat(refused(moved, "backup", directory.resolve("other"))).contains("pg_dump");
    assertThat(refused(moved, "restore", backup)).contains("The settings name PostgreSQL");

    Path back = home("back", "");
    done(back, "import", directory.resolve("export-back"));
    try (LadingServer server = start(back, "")) {
      assertThat(bytes(server, before.keySet())).isEqualTo(before);
    }
  }

  private static Path yaml(Path where) {
    return where.resolve("lading.yml");
  }

  /** A directory with a settings file, before its Lading is started. */
  private Path home(String name, String more) throws IOException {
    Path where = Files.createDirectories(directory.resolve(name));
    Files.writeString(yaml(where), settings() + "storage: storage\nclients: open\n" + more);
    return where;
  }

  private void assertClosedToOthers() throws IOException {
    try (Stream<Path> all = Files.walk(backup)) {
      for (Path one : all.filter(path -> !Files.isSymbolicLink(path)).toList()) {
        String modes = PosixFilePermissions.toString(Files.getPosixFilePermissions(one));
        assertThat(modes)
            .as(one.toString())
            .isEqualTo(Files.isDirectory(one) ? "rwx------" : "rw-------");
      }
    }
  }

  @Test
  @NeedsProgram({Programs.UNSHARE, "pg_dump", "pg_restore"})
  void dumpOfPostgres_andCopyOfTheContent_areABackup() throws Exception {
    String first = PostgresServer.newDatabase();
    Path dump = directory.resolve("lading.dump");
    Path restored = directory.resolve("restored");
    Map<String, String> before;
    // Literals in files, which are what a dump does not have.
    String literals = "literals: storage\n";
    try (LadingServer server = start(home, literals + TestDatabase.postgres(first).settings())) {
      before = bytes(server, List.of(download(server, "one"), download(server, "two")));
      Program.run(
          directory,
          "pg_dump",
          "--format=custom",
          "--file=" + dump,
          PostgresServer.connection(first));
      Files.createDirectories(restored.resolve("storage"));
      Program.run(directory, "cp", "-a", home + "/storage/content", restored + "/storage");
    }
    String second = PostgresServer.newDatabase();
    Program.run(
        directory,
        "pg_restore",
        "--exit-on-error",
        "--no-owner",
        PostgresServer.connection(second),
        dump.toString());
    try (LadingServer server = start(restored, TestDatabase.postgres(second).settings())) {
      assertThat(bytes(server, before.keySet())).isEqualTo(before);
    }
  }

  @Test
  void whatIsNoWholeBackup_isRefused_andNothingIsMade() throws IOException {
    start(home, "").close();
    done(home, "backup", backup);
    Path restored = Files.createDirectories(directory.resolve("restored"));
    Files.copy(home.resolve("lading.yml"), restored.resolve("lading.yml"));

    assertThat(refused(restored, "import", backup)).contains("restore reads it");
    assertThat(refused(home, "backup", backup)).contains("is not empty");
    try (RandomAccessFile file = new RandomAccessFile(backup.resolve("lading.db").toFile(), "rw")) {
      file.seek(5000);
      file.write(1);
    }
    assertThat(refused(restored, "restore", backup)).contains("lading.db", "is damaged");
    Files.delete(backup.resolve("SHA256SUMS"));
    assertThat(refused(restored, "restore", backup)).contains("was broken off");
    assertThat(refused(restored, "backup", directory.resolve("other"))).contains("no database");
    assertThat(restored.resolve("storage")).doesNotExist();
  }

  @Test
  void whatABackupDoesNotList_isRefusedByItsName_alsoLinksThatLeadOutOfTheRoots()
      throws IOException {
    try (LadingServer server = start(home, "")) {
      download(server, "one");
    }
    done(home, "backup", backup);
    Path restored = home("restored", "");
    Path other = Files.createDirectories(directory.resolve("other"));
    Path elsewhere = Files.createDirectories(directory.resolve("elsewhere"));
    Files.writeString(
        yaml(elsewhere), Files.readString(yaml(restored)).replace("" + root, "" + other));

    Path link = Files.createSymbolicLink(backup.resolve("content/added"), Path.of("/etc/shadow"));
    assertThat(refused(restored, "restore", backup)).contains("content/added", "/etc/shadow");
    Files.delete(link);
    Files.createSymbolicLink(link, root.resolve("../home/lading.yml"));
    assertThat(refused(restored, "restore", backup)).contains("content/added", "lading.yml");
    Files.delete(link);
    Files.writeString(link, "added");
    assertThat(refused(restored, "restore", backup)).contains("content/added", "SHA256SUMS");
    Files.delete(link);

    Path sums = backup.resolve("SHA256SUMS");
    List<String> lines = Files.readAllLines(sums);
    for (String name : List.of("lading.db", "backup.json")) {
      Files.write(sums, without(lines, name));
      assertThat(refused(restored, "restore", backup)).contains(name);
    }
    Files.write(sums, without(lines, "links"));
    assertThat(refused(restored, "restore", backup)).contains("links", "SHA256SUMS");
    assertThat(restored.resolve("storage/content")).doesNotExist();

    Files.write(sums, lines);
    done(elsewhere, "restore", backup);
    // As older versions made it.
    Files.write(sums, without(lines, "links"));
    Files.delete(backup.resolve("links"));
    Path again = home("again", "");
    Files.writeString(yaml(again), Files.readString(yaml(elsewhere)));
    assertThat(refused(again, "restore", backup)).contains("leads to " + root);
    done(restored, "restore", backup);
  }

  private static List<String> without(List<String> lines, String name) {
    return lines.stream().filter(line -> !line.endsWith("  " + name)).toList();
  }

  @Test
  void wrongDirectories_areTold() throws IOException {
    home("empty", "");
    Path missing = directory.resolve("missing");
    assertThat(refused(directory.resolve("empty"), "restore", missing))
        .isEqualTo("There is no directory " + missing + "\n");
    BackupCommand help = BackupCommand.run(directory.resolve("empty"), "backup", Path.of("-h"));
    assertThat(help.exit()).isZero();
    assertThat(help.printed()).startsWith("usage:");
    BackupCommand wrong = BackupCommand.run(directory.resolve("empty"), "backup", Path.of("-x"));
    assertThat(wrong.exit()).isEqualTo(2);
    assertThat(wrong.printed()).startsWith("There is no option -x\nusage:");
  }

  /** Creates downloads until it is closed. */
  private static final class Load implements AutoCloseable {
    private final List<String> links = new CopyOnWriteArrayList<>();
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final ExecutorService writers = Executors.newFixedThreadPool(WRITERS);

    Load(LadingServer server) {
      for (int i = 0; i < WRITERS; i++) {
        writers.execute(() -> run(server));
      }
    }

    private void run(LadingServer server) {
      while (!isOver.get()) {
        links.add(download(server, "link " + links.size()));
      }
    }

    void awaitLinks(int count) {
      Traces.awaited(links::size, size -> size >= count);
    }

    List<String> links() {
      return List.copyOf(links);
    }

    @Override
    public void close() {
      end();
    }

    void end() {
      isOver.set(true);
      writers.shutdown();
      try {
        assertThat(writers.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
