package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.testing.Browser;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.NeedsProgram;
import org.lading.testing.ScriptedObjects;
import org.lading.testing.ScriptedS3;
import org.lading.testing.ScriptedS3.Answer;
import org.lading.testing.ScriptedS3.Request;
import org.lading.testing.Traces;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/** The status page in a real browser, with scripts and without. */
@NeedsProgram({"chromium", "chromedriver"})
class StatusPageIT {
  private static final int FILES = 500;

  /** As large as the objects that a scripted store tells of. */
  private static final int SIZE = 5;

  @TempDir Path directory;
  private final ScriptedObjects objects = new ScriptedObjects();
  private volatile int pauseMillis;
  private ScriptedS3 store;
  private LadingServer server;

  @BeforeEach
  void start() throws IOException {
    for (int i = 0; i < FILES; i++) {
      objects.put("f/" + i, SIZE);
    }
    store = new ScriptedS3(this::slowly);
    Files.createDirectories(directory.resolve("root"));
    Files.writeString(directory.resolve("root/a.txt"), "aaa");
    String open = store.root().replace("name: s3", "name: s3\n    public: true");
    server = LadingServer.start(directory, "roots:\n  - {name: main, path: root}\n" + open);
  }

  @AfterEach
  void stop() {
    server.close();
    store.close();
  }

  private Answer slowly(Request request) {
    try {
      Thread.sleep(pauseMillis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return request.method().equals("HEAD")
        ? Answer.object(Map.of("ETag", "\"abc\""))
        : objects.answer(request);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void slowPreparation_isWatched_andItsArchiveFetched(boolean isScripted) throws IOException {
    pauseMillis = 20;
    Reply created = createSlow();
    try (Browser browser = new Browser(directory.resolve("downloads"), isScripted)) {
      browser.driver().get(created.json().get("status_url").asText());
      // It waits for a moment when it leaves the quick lane.
      Traces.awaited(() -> browser.driver().getTitle(), "Being prepared \u2013 report.zip"::equals);
      if (isScripted) {
        browser.driver().executeScript("window.isTheSameDocument = true");
      }

      Set<String> seen = new HashSet<>();
      Traces.within(
          Duration.ofMinutes(1),
          () -> {
            seen.add(text(browser, "found"));
            return seen.size();
          },
          count -> count >= 4 || !text(browser, "found").startsWith("Found"));
      assertThat(seen).as("progress moves by itself").hasSizeGreaterThanOrEqualTo(4);
      assertThat(seen).allMatch(text -> text.startsWith("Found so far: "));
      pauseMillis = 0;
      Traces.eventually(() -> text(browser, "state"), "This download is ready."::equals);

      assertThat(text(browser, "state")).isEqualTo("This download is ready.");
      assertThat(browser.driver().getTitle()).isEqualTo("Ready \u2013 report.zip");
      if (isScripted) {
        assertThat(browser.driver().executeScript("return window.isTheSameDocument"))
            .as("not loaded again")
            .isEqualTo(true);
      }
      assertThat(browser.driver().findElements(By.tagName("progress"))).isEmpty();
      browser.driver().findElement(By.linkText("Download report.zip")).click();
      assertUnzips(browser.downloaded());
      assertThat(browser.console()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void linkThatIsNotReady_showsThePage_whichBeginsTheDownloadByItself(boolean isScripted)
      throws IOException {
    pauseMillis = 4000;
    try (Browser browser = new Browser(directory.resolve("downloads"), isScripted)) {
      browser.driver().get("http://127.0.0.1:" + server.port() + "/downloads/zip/s3/f/");
      assertThat(browser.driver().getTitle()).endsWith(" \u2013 f.zip");
      assertThat(browser.driver().findElements(By.tagName("progress"))).hasSize(1);
      pauseMillis = 0;
      try (ZipFile zip = new ZipFile(browser.downloaded().toFile())) {
        assertThat(zip.size()).isEqualTo(FILES);
      }
    }
  }

  @Test
  void button_isReachedAndPressedWithKeys() throws IOException {
    Reply created = createSlow();
    awaitState(created, "ready");
    try (Browser browser = new Browser(directory.resolve("downloads"), true)) {
      browser.driver().get(created.json().get("status_url").asText());
      browser.driver().switchTo().activeElement().sendKeys(Keys.TAB);
      assertThat(browser.driver().switchTo().activeElement().getText())
          .isEqualTo("Download report.zip");
      browser.driver().switchTo().activeElement().sendKeys(Keys.ENTER);
      assertUnzips(browser.downloaded());
    }
  }

  /** Another root between any two, since files of one root in a row are looked for together. */
  private Reply createSlow() {
    String targets =
        IntStream.range(0, FILES)
            .mapToObj(i -> "{'type': 'file', 'path': 'f/%d', 'root': 's3'}".formatted(i))
            .collect(Collectors.joining(", {'type': 'file', 'path': 'a.txt'}, "));
    Reply created =
        server.create(
            "{'root': 'main', 'zip_name': 'report', 'targets': [" + targets + "]}",
            "Prefer",
            "respond-async");
    assertThat(created.status()).as(created.toString()).isEqualTo(202);
    awaitState(created, "creating_manifest", "ready");
    return created;
  }

  private void awaitState(Reply created, String... states) {
    String state =
        Traces.eventually(
            () -> server.get(page(created)).json().get("status").asText(),
            Set.of(states)::contains);
    assertThat(state).isIn((Object[]) states);
  }

  private static String page(Reply created) {
    String url = created.json().get("status_url").asText();
    return url.substring(url.indexOf("/downloads") + "/downloads".length());
  }

  private static String text(Browser browser, String id) {
    return browser.text(id);
  }

  private static void assertUnzips(Path archive) {
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      assertThat(zip.size()).isEqualTo(FILES + 1);
      assertThat(zip.getInputStream(zip.getEntry("report/17")).readAllBytes()).hasSize(SIZE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
