package org.lading.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lading.deploy.Installation.FILES;
import static org.lading.deploy.Installation.assertServed;
import static org.lading.deploy.Installation.createDownload;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.testing.Http;

/** The WAR without a container. */
class WarAloneIT {
  private static final Path WAR = Path.of(System.getProperty("lading.war"));
  private static final String CONTEXT = "/archive/downloads";

  @TempDir Path directory;

  @Test
  void server_servesEveryPage_untilItIsTerminated_alsoWhenAnotherWarHasItsPlace() throws Exception {
    write("root/dir/a b.txt", "file");
    write(
        "lading.yml",
        """
        roots:
          - {name: files, path: root, serve: direct}
        storage: storage
        clients: open
        """);
    Path war = Files.copy(WAR, directory.resolve("downloads.war"));
    try (WarProcess server =
        WarProcess.start(
            directory, war, "--config=lading.yml", "--port=0", "--context-path=" + CONTEXT)) {
      try (Http http = new Http(server.address())) {
        assertServed(http, CONTEXT, createDownload(http, CONTEXT, FILES, "dir"), "a%20b.txt");
        for (String hidden :
            new String[] {
              "/org/lading/launch/Main.class", "/META-INF/MANIFEST.MF", "/work/x", "/WEB-INF/launch"
            }) {
          assertThat(http.get(CONTEXT + hidden).status()).as(hidden).isEqualTo(404);
        }
      }
      assertThat(server.log().lines())
          .allMatch(
              line -> line.matches("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z (INFO|WARNING) +org\\..*"));
      Files.writeString(war, "another one");

      server.terminate();

      assertThat(server.exitStatus()).as(server.log()).isZero();
      assertThat(server.log()).endsWith("Lading has stopped\n").doesNotContain("WARNING");
      assertThat(server.temporaryFiles()).isEmpty();
    }
  }

  @Test
  void port_thatIsTaken_endsTheStartWithASentence() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        WarProcess server = WarProcess.start(directory, WAR, "--port=" + taken.getLocalPort())) {
      assertThat(server.exitStatus()).isEqualTo(1);
      assertThat(server.log()).contains("" + taken.getLocalPort()).hasLineCount(1);
      assertThat(server.temporaryFiles()).isEmpty();
    }
  }

  @Test
  void wrongArguments_areTold() throws Exception {
    try (WarProcess server = WarProcess.start(directory, WAR, "--config=nowhere.yml")) {
      assertThat(server.exitStatus()).isEqualTo(2);
      assertThat(server.log())
          .isEqualTo(
              "--config: %s is not a file that can be read (--help tells more)\n"
                  .formatted(directory.resolve("nowhere.yml")));
    }
  }

  @Test
  void program_isThatOfTheApplication() throws Exception {
    Path settings = Path.of("conf-examples/production.yml").toAbsolutePath();
    try (WarProcess nginx = WarProcess.start(directory, WAR, "nginx", settings.toString())) {
      assertThat(nginx.exitStatus()).as(nginx.log()).isZero();
      assertThat(nginx.out()).isEqualTo(Files.readString(Path.of("nginx/lading.conf")));
      assertThat(nginx.temporaryFiles()).isEmpty();
    }
  }

  private void write(String name, String content) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }
}
