package org.lading.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredFilesTest {
  @TempDir Path directory;

  @Test
  void contentThatWasTakenAway_isMadeAgain_andCannotBeListed() throws IOException {
    Path content = directory.resolve("storage/content");
    StoredFiles files = new StoredFiles(content);
    files.open();
    Files.delete(content);

    String stored = files.writer("id", 1).writeLiteral(out -> out.write(1), Instant.EPOCH);

    assertThat(content.resolve(stored)).hasSize(1);
    for (Path made : new Path[] {content, content.resolve("id"), content.resolve("id/1-0")}) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
          .isEqualTo("rwx--x--x");
    }
  }

  @Test
  void attemptThatComesLate_takesNothingFromLaterOnes() {
    StoredFiles files = new StoredFiles(directory);
    String first = files.writer("id", 1).writeLiteral(out -> out.write(1), Instant.EPOCH);
    String second = files.writer("id", 2).writeLiteral(out -> out.write(2), Instant.EPOCH);
    String eleventh = files.writer("id", 11).writeLiteral(out -> out.write(3), Instant.EPOCH);

    files.deleteEarlier("id", 1);
    assertThat(directory.resolve(first)).exists();
    files.delete("id", 1);
    assertThat(directory.resolve(first)).doesNotExist();
    assertThat(directory.resolve(second)).exists();
    assertThat(directory.resolve(eleventh)).exists();
    files.deleteEarlier("id", 11);
    assertThat(directory.resolve(second)).doesNotExist();
    assertThat(directory.resolve(eleventh)).exists();
    files.delete("id", 11);
    assertThat(directory.resolve("id")).doesNotExist();
    files.delete("id", 11);
    files.delete("id");
  }
}
