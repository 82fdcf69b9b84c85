package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.testing.LadingServer;
import org.lading.testing.NeedsProgram;
import org.lading.testing.SwapAttack;
import org.lading.testing.SwapAttack.Result;

/**
 * Directories and files that somebody swaps while they are read; {@code SwapCampaign} does it for
 * longer.
 */
class SwapTest {
  @TempDir Path directory;
  private LadingServer server;
  private SwapAttack attack;

  @BeforeEach
  void start() throws IOException {
    server = LadingServer.start(directory, SwapAttack.SETTINGS);
    attack = new SwapAttack(directory, server.port());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"links", "direct"})
  void directorySwappedForALinkOut_givesNothingFromOutside(String root) {
    Result downloads = attack.downloads(root, 300, 40, 1);
    Result creates = attack.creates(root, 40, 150);

    for (Result result : new Result[] {downloads, creates}) {
      assertThat(result.leaks()).as(result.toString()).isEmpty();
      assertThat(result.hanging()).isZero();
      assertThat(result.whole()).as(result.toString()).isPositive();
      assertThat(result.swaps()).isGreaterThan(100);
    }
  }

  @NeedsProgram("mkfifo")
  @Test
  void fileSwappedForAPipe_holdsNobody() throws Exception {
    Path pipe = directory.resolve("root/pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();

    Result result = attack.specialFiles("direct", pipe, 200, 40);

    assertThat(result.hanging()).as(result.toString()).isZero();
    assertThat(result.whole()).as(result.toString()).isPositive();
  }
}
