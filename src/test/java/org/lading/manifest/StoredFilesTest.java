package org.lading.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredFilesTest {
  @TempDir Path directory;

  @Test
  void contentThatWasTakenAway_isMadeAgain_andCannotBeListed() throws IOException {
    Path content = directory.resolve("storage/content");
    StoredFiles files = new StoredFiles(content);
    files.check();
    Files.delete(content);

    String stored = files.batch("id", 1).literal(new byte[] {1});

    assertThat(content.resolve(stored)).hasSize(1);
    for (Path made : new Path[] {content, content.resolve("id"), content.resolve("id/1-0")}) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
          .isEqualTo("rwx--x--x");
    }
  }
}
