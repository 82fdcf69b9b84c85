package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.NeedsProgram;
import org.lading.testing.Program;
import org.lading.testing.SettableClock;

/** A link that is prepared anew though no file has changed. */
class LinkReuseTest {
  private static final String LINK = "/zip/main/d";

  /** Too large to be read for their CRC-32s before they are sent. */
  private static final int LARGE = 3 << 20;

  @TempDir Path directory;

  @Test
  @NeedsProgram("curl")
  void checksumsThatBecameKnown_doNotChangeTheArchive() throws Exception {
    SettableClock clock = new SettableClock(Instant.parse("2026-06-01T12:00:00Z"));
    write("large", LARGE);
    write("small", 10);
    try (LadingServer server =
        LadingServer.start(
            directory,
            "roots: [{name: main, path: root, public: true}]\nchecksum_budget: none",
            clock)) {
      Reply first = server.get(LINK);
      Path cut = directory.resolve("cut.zip");
      Files.write(cut, Arrays.copyOf(first.bytes(), 1000));
      assertThat(server.create("{'root': 'main', 'targets': [{'type': 'directory', 'path': 'd'}]}"))
          .satisfies(
              known ->
                  assertThat(server.get(LadingServer.page(known, "manifest")).text())
                      .as("the CRC-32s are known now")
                      .doesNotContainPattern("(?m)^- "));

      clock.set(clock.instant().plus(Duration.ofMinutes(61)));
      Reply head = server.head(LINK);
      assertThat(head.header("ETag")).isEqualTo(first.header("ETag"));
      assertThat(head.header("Content-Length")).isEqualTo("" + first.bytes().length);
      String url = "http://127.0.0.1:" + server.port() + "/downloads" + LINK;
      Program.run(directory, "curl", "-sS", "-f", "-C", "-", "-o", cut.toString(), url);
      assertThat(Files.readAllBytes(cut)).isEqualTo(first.bytes());
      assertThat(server.number("select count(*) from download where of_link = 1")).isEqualTo(1);

      write("small", 11);
      clock.set(clock.instant().plus(Duration.ofMinutes(61)));
      assertThat(server.head(LINK).header("ETag")).isNotEqualTo(first.header("ETag"));
    }
  }

  private void write(String name, int size) throws IOException {
    Path file = directory.resolve("root/d").resolve(name);
    Files.createDirectories(file.getParent());
    byte[] content = new byte[size];
    Arrays.fill(content, (byte) name.charAt(0));
    Files.write(file, content);
  }
}
