package org.lading.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lading.testing.BackupCommand.done;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.backup.ContentFiles.Copied;
import org.lading.store.DatabaseExamination;
import org.lading.testing.LadingServer;

/** Downloads that go while a backup is made. */
class ExpiryDuringBackupTest {
  private static final String SETTINGS = "roots:\n  - {name: main, path: root}\n";

  @Test
  void downloadThatExpiredSinceTheSnapshot_isExpiredInTheBackup_andOthersAreAsTheyWere(
      @TempDir Path home, @TempDir Path restored) throws Exception {
    Files.createDirectories(home.resolve("root"));
    Files.createDirectories(restored.resolve("root"));
    Path content = home.resolve("storage/content");
    Path backup = home.resolve("backup");
    String kept;
    String gone;
    try (LadingServer server = LadingServer.start(home, SETTINGS)) {
      kept = download(server);
      gone = download(server);
      String incomplete = download(server);
      done(home, "backup", backup);

      // What a backup does after its snapshot, when two have changed since.
      ContentFiles.delete(backup.resolve("content"));
      ContentFiles.delete(content.resolve(id(gone)));
      server.sql("update download set state = 'EXPIRED' where id = '" + id(gone) + "'");
      ContentFiles.delete(content.resolve(id(incomplete) + "/1-0"));
      try (DatabaseExamination live =
              DatabaseExamination.ofEmbeddedInUse(home.resolve("storage/database"), home);
          DatabaseExamination snapshot = DatabaseExamination.ofEmbedded(backup, home);
          Connection rows = snapshot.source().getConnection()) {
        StoredContent stored = new StoredContent(live.source(), content, backup);
        stored.copy(rows);
        assertThat(stored.copied()).isEqualTo(new Copied(1, 0));
        assertThat(stored.remark())
            .isEqualTo(
                "; 1 downloads have expired meanwhile; 1 downloads lacked files before, see GET /status");
      }
      new BackupInfo(BackupInfo.Kind.SQLITE, "test", "1", "now", 3, 1, 0).write(backup);
      Checksums.write(backup);
    }

    Files.copy(home.resolve("lading.yml"), restored.resolve("lading.yml"));
    done(restored, "restore", backup);
    try (LadingServer server = LadingServer.start(restored, SETTINGS)) {
      assertThat(server.get(kept).status()).isEqualTo(200);
      assertThat(server.get(gone).status()).isEqualTo(410);
    }
  }

  private static String download(LadingServer server) {
    return LadingServer.page(
        server.create(
            "{'root': 'main', 'targets': [{'type': 'literal', 'name': 'n', 'content': 'x'}]}"),
        "download");
  }

  private static String id(String page) {
    return page.substring(page.indexOf('/', 1) + 1, page.lastIndexOf('/'));
  }
}
