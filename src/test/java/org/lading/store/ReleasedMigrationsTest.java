package org.lading.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.lading.base.Digests;

/** Changes of the tables that databases out there already have. */
class ReleasedMigrationsTest {
  private static final Path MIGRATIONS = Path.of("src/main/resources/db/migration");

  /** A digest and a path a line, as {@code sha256sum} prints them. */
  private static final Path RELEASED =
      Path.of("src/test/resources/org/lading/released/migrations.sha256");

  @Test
  void releasedMigrations_areAsTheyWere() throws IOException {
    List<String> released = Files.readAllLines(RELEASED);
    assertThat(released).isNotEmpty();
    for (String line : released) {
      String file = line.substring(line.indexOf("  ") + 2);
      byte[] now = Files.readAllBytes(MIGRATIONS.resolve(file));
      assertThat(HexFormat.of().formatHex(Digests.sha256().digest(now)) + "  " + file)
          .isEqualTo(line);
    }
  }

  @Test
  void bothDatabases_haveTheSameVersions() throws IOException {
    assertThat(versions("sqlite")).contains("1").isEqualTo(versions("postgresql"));
  }

  private static Set<String> versions(String database) throws IOException {
    try (Stream<Path> files = Files.list(MIGRATIONS.resolve(database))) {
      return new TreeSet<>(
          files.map(file -> file.getFileName().toString().replaceAll("^V(.*)__.*", "$1")).toList());
    }
  }
}
