package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.testing.AcknowledgedDownloads;
import org.lading.testing.Http;
import org.lading.testing.LadingProcess;
import org.lading.testing.LargeTree;
import org.lading.testing.NeedsProgram;
import org.lading.testing.PostgresServer;
import org.lading.testing.Programs;
import org.postgresql.Driver;

/**
 * A server whose PostgreSQL is stopped and started again and again while three clients create and
 * two read. {@code mvn verify -Dit.test=DatabaseRestartsUnderLoadIT -Drestarts=20} does it more
 * often.
 */
@NeedsProgram(Programs.UNSHARE)
class DatabaseRestartsUnderLoadIT {
  private static final int RESTARTS = Integer.getInteger("restarts", 3);
  private static final int FILES = 300;
  private static final int MILLIS_BETWEEN_RESTARTS = 700;
  private static final int MILLIS_OF_ABSENCE = 300;

  @TempDir Path directory;
  private final AcknowledgedDownloads downloads = new AcknowledgedDownloads();

  @Test
  void whatWasAcknowledged_isThereAfterEveryRestart_withTheSameBytes() throws Exception {
    LargeTree.make(directory.resolve("root"), FILES);
    int port = freePort();
    EmbeddedPostgres database = startDatabase(port);
    String settings =
        """
        roots:
          - {name: linked, path: root}
          - {name: direct, path: root, serve: direct}
        database: {url: "jdbc:postgresql://127.0.0.1:%d/postgres", user: %s}
        """
            .formatted(port, PostgresServer.USER);
    try (LadingProcess server = LadingProcess.start(directory, settings, "-Xmx256m");
        Http http = server.http()) {
      AcknowledgedDownloads.Clients clients = downloads.start(server);
      for (int restart = 0; restart < RESTARTS; restart++) {
        Thread.sleep(MILLIS_BETWEEN_RESTARTS);
        database.close();
        Thread.sleep(MILLIS_OF_ABSENCE);
        database = startDatabase(port);
      }
      Thread.sleep(MILLIS_BETWEEN_RESTARTS);
      clients.end();
      downloads.check(http, 0);
    } finally {
      database.close();
    }
    System.out.printf(
        "%d restarts, %d acknowledged downloads, %d of them read%n",
        RESTARTS, downloads.size(), downloads.read());
    assertThat(downloads.faults()).isEmpty();
    assertThat(downloads.read()).isGreaterThan(RESTARTS);
  }

  private EmbeddedPostgres startDatabase(int port) throws IOException, SQLException {
    // The fixture asks the DriverManager, where a database that was closed has deregistered it.
    DriverManager.registerDriver(new Driver());
    return EmbeddedPostgres.builder()
        .setPort(port)
        .setDataDirectory(directory.resolve("postgresql"))
        .setCleanDataDirectory(false)
        .setLocaleConfig("locale", "C")
        .start();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
