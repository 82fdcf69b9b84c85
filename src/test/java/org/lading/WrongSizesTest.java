package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.Manifest;

/**
 * Files whose size is not what their file system says: those of procfs say 0 bytes, those of sysfs
 * 4096.
 */
class WrongSizesTest {
  @TempDir static Path directory;
  static LadingServer server;

  @BeforeAll
  static void start() throws IOException {
    Path files = Files.createDirectories(directory.resolve("files/empty"));
    Files.createFile(files.resolve("really.txt"));
    Files.createSymbolicLink(directory.resolve("files/link"), Path.of("/proc/sys/kernel/ostype"));
    server =
        LadingServer.start(
            directory,
            """
            roots:
              - {name: files, path: files, follow_symlinks: true}
              - {name: kernel, path: /proc/sys, serve: direct}
              - {name: devices, path: /sys/devices/system/cpu, serve: direct}
            """);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "kernel, file, kernel/ostype, kernel/ostype",
    "kernel, directory, fs/inotify, fs/inotify/max_",
    "kernel, directory, fs, fs/",
    "files, file, link, link"
  })
  void fileThatSaysThatItIsEmpty_andIsNot_isRefusedByName(
      String root, String type, String path, String named) {
    Reply reply = create(root, type, path);

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("code").asText()).isEqualTo("missing_or_invalid_target");
    assertThat(reply.json().get("error").asText())
        .startsWith("Has content, though its file system says that it is empty: " + named);
    assertThat(reply.json().get("path").asText()).isEqualTo(path);
  }

  @Test
  void fileThatIsEmpty_staysEmpty() throws IOException {
    Reply created = create("files", "directory", "empty");

    Reply archive = server.get(LadingServer.page(created, "download"));

    assertThat(archive.status()).isEqualTo(200);
    assertThat(created.json().get("file_count").asInt()).isEqualTo(1);
    assertThat(created.json().get("approximate_size").asInt()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"file, online", "directory, ''"})
  void fileThatHasFewerBytesThanItSays_isRefusedByName_andNotSaidToHaveChanged(
      String type, String path) {
    Reply created = create("devices", type, path);
    List<Manifest> lines = Manifest.parse(server.manifest(created));
    assertThat(lines).extracting(Manifest::crc32).as("no checksum of another").contains("-");

    Reply archive = server.get(LadingServer.page(created, "download"));

    assertThat(archive.status()).isEqualTo(409);
    assertThat(archive.json().get("code").asText()).isEqualTo("unreadable");
    assertThat(archive.json().get("error").asText())
        .startsWith("The file '")
        .endsWith(
            "' cannot be delivered: its file system says that it has 4096 bytes, and it has fewer");
  }

  private static Reply create(String root, String type, String path) {
    return server.create(
        "{'root': '%s', 'targets': [{'type': '%s', 'path': '%s', 'recursive': %s}]}"
            .formatted(root, type, path, type.equals("directory") && path.equals("fs")));
  }
}
