package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.testing.Http;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingProcess;
import org.lading.testing.LadingServer;
import org.lading.testing.LargeTree;

/** Many files in little memory; how fast that is, BenchmarkLargeDirectory measures. */
class LargeDirectoryIT {
  private static final int FILES = 100_000;

  @TempDir Path directory;

  @Test
  void aHundredThousandFiles_becomeAReadyDownloadInAHeapOf80MiB() throws IOException {
    LargeTree.makeLinked(directory.resolve("root"), FILES, new byte[] {'x'});
    String settings =
        """
        roots:
          - {name: linked, path: root}
          - {name: direct, path: root, serve: direct}
        """;
    try (LadingProcess lading = LadingProcess.start(directory, settings, "-Xmx80m");
        Http http = lading.http()) {
      for (String root : new String[] {"linked", "direct"}) {
        Reply created = lading.create(root);
        assertThat(created.status()).as(created.toString()).isEqualTo(201);
        assertThat(created.json().get("file_count").asInt()).isEqualTo(FILES);
        Reply manifest = http.get("/downloads" + LadingServer.page(created, "get"));
        assertThat(manifest.text().lines()).hasSize(FILES);
      }
    }
    assertThat(Files.readString(directory.resolve("lading.log"))).doesNotContain("OutOfMemory");
  }
}
