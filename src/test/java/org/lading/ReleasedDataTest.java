package org.lading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lading.testing.Traces.awaited;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lading.testing.LadingServer;
import org.lading.testing.NeedsProgram;
import org.lading.testing.Programs;
import org.lading.testing.ReleasedData;

/** What released versions had stored, after its tables were changed to those of this version. */
@NeedsProgram(Programs.UNSHARE)
class ReleasedDataTest {
  @ParameterizedTest
  @CsvSource({"0.1.0, 1, sqlite", "0.1.0, 1, postgresql"})
  void links_giveTheSameBytes_andWhatWaitedIsPrepared(
      String release, String tables, String kind, @TempDir Path home) throws Exception {
    ReleasedData data = new ReleasedData(release, kind);
    try (LadingServer server = data.start(home, tables)) {
      assertThat(data.answers(server)).isEqualTo(data.answers());

      assertThat(data.database().number("select count(*) from message")).isPositive();
      awaited(
          () -> server.get(data.waiting(), ReleasedData.client()).json().get("status").asText(),
          "ready"::equals);
    }
  }
}
