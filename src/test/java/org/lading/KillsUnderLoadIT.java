package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.testing.AcknowledgedDownloads;
import org.lading.testing.Http;
import org.lading.testing.LadingProcess;
import org.lading.testing.LargeTree;
import org.lading.testing.TestDatabase;

/**
 * A server with the embedded database that is killed again and again while three clients create and
 * two read. {@code mvn verify -Dit.test=KillsUnderLoadIT -Dkills=200} kills it more often.
 */
class KillsUnderLoadIT {
  private static final int KILLS = Integer.getInteger("kills", 10);
  private static final int FILES = 100;
  private static final int MAX_MILLIS_BETWEEN_KILLS = 1500;
  private static final Duration IDLE = Duration.ofSeconds(3);
  private static final String SETTINGS =
      "roots:\n  - {name: linked, path: root}\n  - {name: direct, path: root, serve: direct}\n";

  private static final String HEAP = "-Xmx256m";

  @TempDir Path directory;
  private final AcknowledgedDownloads downloads = new AcknowledgedDownloads();
  private final Random random = new Random();
  private final List<String> checks = new ArrayList<>();

  @BeforeEach
  void makeTree() throws Exception {
    LargeTree.make(directory.resolve("root"), FILES);
  }

  @Test
  void whatWasAcknowledged_isThereAfterEveryKill_withTheSameBytes() throws Exception {
    int checked = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      try (LadingProcess server = LadingProcess.start(directory, SETTINGS, HEAP);
          Http http = server.http()) {
        AcknowledgedDownloads.Clients clients = downloads.start(server);
        int acknowledged = downloads.size();
        downloads.check(http, checked);
        checked = acknowledged;
        Thread.sleep(random.nextInt(MAX_MILLIS_BETWEEN_KILLS));
        server.kill();
        clients.end();
      }
      checks.add(checkOfACopy(kill));
    }
    try (LadingProcess server = LadingProcess.start(directory, SETTINGS, HEAP);
        Http http = server.http()) {
      downloads.check(http, 0);
      assertThat(cpuWhileIdle(server.pid())).as("CPU while idle").isLessThan(IDLE.dividedBy(4));
    }
    System.out.printf(
        "%d kills, %d acknowledged downloads, %d of them read%n",
        KILLS, downloads.size(), downloads.read());
    assertThat(downloads.faults()).isEmpty();
    assertThat(checks).containsOnly("ok");
    assertThat(downloads.read()).isGreaterThan(KILLS);
  }

  /**
   * Asks a copy of the database for its faults, so that the server itself recovers the original.
   */
  private String checkOfACopy(int kill) throws Exception {
    Path copy = Files.createDirectories(directory.resolve("copy-" + kill + "/database"));
    try (var files = Files.list(directory.resolve("storage/database"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, copy.resolve(file.getFileName().toString()));
      }
    }
    String answer =
        String.join(", ", TestDatabase.embedded(copy.getParent()).texts("pragma quick_check"));
    try (var files = Files.list(copy)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    return answer;
  }

  private static Duration cpuWhileIdle(long pid) throws Exception {
    Duration before = cpu(pid);
    Instant end = Instant.now().plus(IDLE);
    Thread.sleep(Duration.between(Instant.now(), end).toMillis());
    return cpu(pid).minus(before);
  }

  private static Duration cpu(long pid) {
    return ProcessHandle.of(pid).orElseThrow().info().totalCpuDuration().orElseThrow();
  }
}
