package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
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
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;

/** The status page in a real browser, with scripts and without. */
@NeedsProgram({"chromium", "chromedriver"})
class StatusPageIT {
  private static final int FILES = 500;

  /** As large as the objects that a scripted store tells of. */
  private static final int SIZE = 5;

  private static final String[] SCHEMES = {"light", "dark"};

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
    server = LadingServer.start(directory, "roots:\n  - {name: main, path: root}\n" + store.root());
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

  @Test
  void button_isReachedAndPressedWithKeys() throws IOException {
    Reply created = createSlow();
    awaitState(created, "ready");
    try (Browser browser = new Browser(directory.resolve("downloads"), true)) {
      browser.driver().get(created.json().get("status_url").asText());
      browser.driver().switchTo().activeElement().sendKeys(Keys.TAB);
      assertThat(browser.driver().switchTo().activeElement().getText())
          .isEqualTo("Download report.zip");
      browser.screenshot("focus");
      browser.driver().switchTo().activeElement().sendKeys(Keys.ENTER);
      assertUnzips(browser.downloaded());
    }
  }

  @Test
  void everyState_hasItsPage() throws IOException {
    pauseMillis = 5;
    Reply created = createSlow();
    awaitState(created, "ready");
    Reply failed =
        server.create(
            "{'root': 'main', 'targets': [{'type': 'file', 'path':"
                + " 'x<script>document.title=1</script><img src=x onerror=alert(1)>\u202e'}]}",
            "Prefer",
            "respond-async");
    awaitState(failed, "missing_or_invalid_targets");
    try (Browser browser = new Browser(directory.resolve("downloads"), true)) {
      for (String scheme : SCHEMES) {
        browser.prefer(scheme);
        show(browser, failed, scheme);
        assertThat(browser.driver().getTitle()).startsWith("Failed \u2013 ");
        assertThat(text(browser, "reason")).contains("<script>").contains("onerror");
        assertThat(browser.driver().findElements(By.tagName("img"))).isEmpty();
        for (String state : new String[] {"PENDING", "CREATING_MANIFEST", "READY", "FAILED"}) {
          setState(created, state);
          show(browser, created, scheme);
        }
        setState(created, "READY");
        server.sql("update download set expires_at = created_at where state = 'READY'");
        show(browser, created, scheme);
        assertThat(text(browser, "state")).isEqualTo("This download has expired.");
        String tomorrow = server.database().time(Instant.now().plus(Duration.ofDays(1)));
        server.sql(
            "update download set expires_at = %1$s, due_at = %1$s where state = 'READY'"
                .formatted(tomorrow));
      }
      assertThat(browser.console())
          .as("only that a page says 410")
          .allMatch(line -> line.contains("410"));
    }
  }

  @Test
  void narrowWindow_needsNoScrollingSideways() throws IOException {
    Reply created =
        server.create(
            "{'root': 'main', 'zip_name': '%s', 'targets': [{'type': 'file', 'path': 'a.txt'}]}"
                .formatted("long".repeat(30)));
    try (Browser browser = new Browser(directory.resolve("downloads"), true)) {
      browser.driver().manage().window().setSize(new Dimension(500, 700));
      browser
          .driver()
          .executeCdpCommand(
              "Emulation.setDeviceMetricsOverride",
              Map.of("width", 320, "height", 600, "deviceScaleFactor", 1, "mobile", true));
      browser.driver().get(created.json().get("status_url").asText());
      browser.screenshot("narrow");
      assertThat(
              browser
                  .driver()
                  .executeScript(
                      "return document.documentElement.scrollWidth <= window.innerWidth"))
          .isEqualTo(true);
    }
  }

  private void show(Browser browser, Reply created, String scheme) {
    browser.driver().get(created.json().get("status_url").asText());
    String state = server.get(page(created)).json().get("status").asText();
    browser.screenshot(state + "-" + scheme);
    assertThat(browser.driver().findElement(By.tagName("h1")).isDisplayed()).isTrue();
    String ground =
        (String)
            browser
                .driver()
                .executeScript("return getComputedStyle(document.body).backgroundColor");
    assertThat(ground).isEqualTo(scheme.equals("light") ? "rgb(255, 255, 255)" : "rgb(22, 24, 27)");
  }

  private void setState(Reply created, String state) {
    server.sql(
        "update download set state = '%s' where id = '%s'"
            .formatted(state, created.json().get("id").asText()));
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
