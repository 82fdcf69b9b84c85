package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.testing.ApiDescription;
import org.lading.testing.Browser;
import org.lading.testing.LadingServer;
import org.lading.testing.NeedsProgram;
import org.lading.testing.PageCheck;
import org.openqa.selenium.By;

/** The description of the API as a page, in a real browser. */
@NeedsProgram({"chromium", "chromedriver"})
class OpenApiPageIT {
  @TempDir Path directory;

  @Test
  void page_showsEveryOperationAndLoadsNothing() throws IOException {
    Files.createDirectories(directory.resolve("root"));
    try (LadingServer server = LadingServer.start(directory, "roots: [{name: main, path: root}]");
        Browser browser = new Browser(directory.resolve("downloads"), true)) {
      browser.driver().get("http://127.0.0.1:" + server.port() + "/downloads/openapi.json");
      List<String> headings =
          browser.driver().findElements(By.tagName("h2")).stream().map(h -> h.getText()).toList();
      assertThat(headings)
          .containsAll(new ApiDescription(server.get("/openapi.json").json()).operations());
      assertThat(
              browser
                  .driver()
                  .executeScript(
                      "return [...document.querySelectorAll('a')].filter("
                          + "a => !document.getElementById(a.hash.slice(1))).map(a => a.href)"))
          .as("links that lead nowhere")
          .isEqualTo(List.of());
      assertThat(
              browser
                  .driver()
                  .executeScript(
                      "return performance.getEntriesByType('resource').map(r => r.name)"))
          .asList()
          .allMatch(url -> url.toString().endsWith("/favicon.ico"));
      assertThat(browser.console()).isEmpty();
      PageCheck.require(browser, "openapi");
    }
  }
}
