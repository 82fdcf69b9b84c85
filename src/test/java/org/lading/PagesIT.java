package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lading.testing.Browser;
import org.lading.testing.LadingServer;
import org.lading.testing.NeedsProgram;
import org.lading.testing.PageCheck;

/**
 * Every page and state in a real browser: that people can use it, narrow or wide, dark or light.
 */
@NeedsProgram({"chromium", "chromedriver"})
class PagesIT {
  @TempDir static Path directory;
  static LadingServer server;
  static Browser browser;

  @BeforeAll
  static void start() throws IOException {
    Path root = Files.createDirectories(directory.resolve("root"));
    Files.writeString(root.resolve("a.txt"), "aaa");
    server = LadingServer.start(directory, "roots: [{name: main, path: root}]\n");
    browser = new Browser(directory.resolve("downloads"), true);
  }

  @AfterAll
  static void stop() {
    browser.close();
    server.close();
  }

  @Test
  void status_ofAReadyDownload() {
    String page =
        LadingServer.page(
            server.create(
                "{'root': 'main', 'zip_name': '%s', 'targets': [{'type': 'file', 'path': 'a.txt'}]}"
                    .formatted("long".repeat(30))),
            "status");
    open(page);
    assertThat(browser.text("state")).isEqualTo("This download is ready.");
    PageCheck.require(browser, "status-ready");
  }

  @ParameterizedTest
  @CsvSource({"/main/none/get, 404", "/, help"})
  void errors(String page, String name) {
    open(page);
    PageCheck.require(browser, "error-" + name);
  }

  private static void open(String page) {
    browser.driver().get("http://localhost:" + server.port() + "/downloads" + page);
  }
}
