package org.lading;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.base.Digests;
import org.lading.testing.ApiDescription;
import org.lading.testing.Browser;
import org.lading.testing.LadingServer;
import org.lading.testing.NeedsProgram;
import org.lading.testing.PageCheck;

/**
 * The API in a real browser: a script of another origin uses it, which has the browser ask first,
 * and its description is a page.
 */
@NeedsProgram({"chromium", "chromedriver"})
class ApiInBrowserIT {
  /** What a page does with a download: creates it, follows its status, gets a part of its bytes. */
  private static final String SCRIPT =
      """
      const [lading, done] = arguments;
      (async () => {
        const created = await fetch(lading + '/create', {
          method: 'POST',
          headers: {'Authorization': 'Bearer secret', 'Content-Type': 'application/json',
                    'Prefer': 'respond-async'},
          body: JSON.stringify({root: 'main', zip_name: 'both', targets: [
            {type: 'file', path: 'a.txt'}, {type: 'file', path: 'b.txt'}]})});
        let status;
        do {
          const reply = await fetch(created.headers.get('Location'));
          status = await reply.json();
        } while (status.status !== 'ready');
        const part = await fetch(status.download_url, {headers: {'Range': 'bytes=0-3'}});
        return [created.status, status.file_count, part.status, part.headers.get('Content-Range'),
                part.headers.get('Content-Disposition'), part.headers.get('ETag'),
                await part.text()];
      })().then(done, failure => done(['' + failure]));
      """;

  private static final String HEADINGS =
      "return [...document.querySelectorAll('h2')].map(heading => heading.textContent)";
  private static final String DEAD_LINKS =
      "return [...document.querySelectorAll('a')].map(link => link.hash)"
          + ".filter(hash => !document.getElementById(hash.slice(1)))";
  private static final String LOADED =
      "return performance.getEntriesByType('resource').map(loaded => loaded.name)";

  @TempDir static Path directory;
  static HttpServer page;
  static LadingServer lading;
  static Browser browser;

  @BeforeAll
  static void start() throws IOException {
    page =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 0);
    page.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("<!DOCTYPE html><title>App</title>".getBytes(UTF_8));
          }
        });
    page.start();
    Path root = Files.createDirectories(directory.resolve("root"));
    Files.writeString(root.resolve("a.txt"), "aaa");
    Files.writeString(root.resolve("b.txt"), "bb");
    lading =
        LadingServer.start(
            directory,
            """
            roots: [{name: main, path: root}]
            cors_origins: ['%s']
            clients: [{name: app, token_sha256: %s}]
            """
                .formatted(
                    origin("127.0.0.1"),
                    HexFormat.of().formatHex(Digests.sha256().digest("secret".getBytes(UTF_8)))));
    browser = new Browser(directory.resolve("downloads"), true);
  }

  @AfterAll
  static void stop() {
    browser.close();
    lading.close();
    page.stop(0);
  }

  @Test
  void script_ofAListedOrigin_createsFollowsAndFetches_andAnotherCannot() {
    String base = "http://127.0.0.1:" + lading.port() + "/downloads";
    browser.driver().get(origin("127.0.0.1"));
    List<Object> seen = results(browser.driver().executeAsyncScript(SCRIPT, base));
    assertThat(seen).hasSize(7);
    assertThat(seen.get(0)).isIn(201L, 202L);
    assertThat(seen.subList(1, 3)).containsExactly(2L, 206L);
    assertThat(seen.get(3).toString()).startsWith("bytes 0-3/");
    assertThat(seen.get(4).toString()).contains("both.zip");
    assertThat(seen.get(5).toString()).startsWith("\"");
    assertThat(seen.get(6)).isEqualTo("PK\u0003\u0004");
    assertThat(browser.console()).isEmpty();
    int stored = lading.stored().size();

    browser.driver().get(origin("localhost"));
    assertThat(results(browser.driver().executeAsyncScript(SCRIPT, base)))
        .containsExactly("TypeError: Failed to fetch");
    assertThat(browser.console()).anyMatch(line -> line.contains("blocked by CORS policy"));
    assertThat(lading.stored()).hasSize(stored);
  }

  @Test
  void description_asAPage_showsEveryOperationAndLoadsNothing() {
    browser.driver().get("http://127.0.0.1:" + lading.port() + "/downloads/openapi.json");
    List<Object> headings = results(browser.driver().executeScript(HEADINGS));
    assertThat(headings)
        .containsAll(new ApiDescription(lading.get("/openapi.json").json()).operations());
    assertThat(results(browser.driver().executeScript(DEAD_LINKS))).isEmpty();
    assertThat(results(browser.driver().executeScript(LOADED)))
        .allMatch(url -> url.toString().endsWith("/favicon.ico"));
    assertThat(browser.console()).isEmpty();
    PageCheck.require(browser, "openapi");
  }

  private static String origin(String host) {
    return "http://" + host + ":" + page.getAddress().getPort();
  }

  private static List<Object> results(Object scripted) {
    assertThat(scripted).isInstanceOf(List.class);
    return List.copyOf((List<?>) scripted);
  }
}
