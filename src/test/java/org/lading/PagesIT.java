package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.error.ErrorAnswer;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.page.Texts;
import org.lading.testing.Browser;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.NeedsProgram;
import org.lading.testing.PageCheck;
import org.lading.testing.Traces;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/**
 * Every page and state in a real browser: that people can use it, narrow or wide, dark or light.
 */
@NeedsProgram({"chromium", "chromedriver"})
class PagesIT {
  private static final String LONG = "long".repeat(30);

  /** Markup, and what turns the direction of writing around. */
  private static final String HOSTILE =
      "x<script>document.title=1</script><img src=x onerror=alert(1)>\u202e";

  @TempDir static Path directory;
  static Path root;
  static LadingServer server;
  static Browser browser;

  @BeforeAll
  static void start() throws IOException {
    root = Files.createDirectories(directory.resolve("root"));
    Files.writeString(root.resolve("a.txt"), "aaa");
    server = LadingServer.start(directory, "roots: [{name: main, path: root}]\n");
    browser = new Browser(directory.resolve("downloads"), true);
    browser.driver().executeCdpCommand("Network.enable", Map.of());
    browser
        .driver()
        .executeCdpCommand("Emulation.setTimezoneOverride", Map.of("timezoneId", "Asia/Tokyo"));
  }

  @AfterAll
  static void stop() {
    browser.close();
    server.close();
  }

  @AfterEach
  void speakEnglishAgain() {
    speak("en-US,en;q=0.9");
    assertThat(browser.console())
        .as("nothing but that a page says what failed")
        .allMatch(line -> line.contains("the server responded with a status of 4"));
  }

  @ParameterizedTest
  @CsvSource({
    "READY, ready, This download is ready.",
    "PENDING, waiting, This download waits to be prepared.",
    "CREATING_MANIFEST, preparing, This download is being prepared."
  })
  void status_whileNothingIsWrong(String state, String name, String sentence) {
    String page = create("'zip_name': '%s'".formatted(LONG), "status");
    // One of the past that is not settled would be prepared by the upkeep.
    set(page, "state = '%s', created_at = %s".formatted(state, time("2096-01-02T23:30:00Z")));
    open(page);
    assertThat(browser.text("state")).isEqualTo(sentence);
    assertThat(browser.text("facts")).contains("Jan 3, 2096, 8:30");
    PageCheck.require(browser, "status-" + name);
  }

  @Test
  void status_ofADownloadThatIsTriedAgain() {
    String page = create("'zip_name': 'report'", "status");
    String failing = failed("x");
    set(
        page,
        "state = 'PENDING', next_try_at = %s, failure = (select failure from download where id = '%s')"
            .formatted(time("2026-01-02T23:30:09Z"), id(failing)));
    open(page);
    assertThat(browser.text("facts")).contains("Next try").contains("Jan 3, 2026, 8:30:09");
    PageCheck.require(browser, "status-retrying");
  }

  @Test
  void status_ofAFailedDownload() {
    open(failed(HOSTILE));
    assertThat(browser.driver().getTitle()).startsWith("Failed \u2013 ");
    assertThat(browser.text("reason"))
        .contains("<script>", "onerror", "(target 1)", "Ask for it again");
    assertThat(browser.driver().findElements(By.tagName("img"))).isEmpty();
    PageCheck.require(browser, "status-failed");
  }

  @Test
  void status_ofAnExpiredDownload() {
    String page = create("'zip_name': 'report'", "status");
    set(page, "expires_at = created_at");
    open(page);
    assertThat(browser.text("state")).isEqualTo("This download has expired.");
    PageCheck.require(browser, "status-expired");
    open(page.replace("status", "get"));
    PageCheck.require(browser, "error-410");
  }

  @Test
  void changedDownload_saysWhatChanged_inTheReadersLanguage() throws IOException {
    String page = changed("'zip_name': 'Bericht'");
    speak("de-AT,de;q=0.9,en;q=0.1");
    open(page.replace("status", "get"));
    assertThat(browser.driver().getTitle()).isEqualTo("Inzwischen ge\u00e4ndert");
    assertThat(browser.text("reason")).endsWith("changed since the download was made");
    PageCheck.require(browser, "error-409-de");

    browser.driver().findElement(By.linkText("Der Zustand dieses Downloads")).click();
    assertThat(browser.driver().getTitle()).isEqualTo("Ge\u00e4ndert \u2013 Bericht.zip");
    assertThat(browser.text("reason")).contains(LONG).contains("Fordern Sie ihn");
    PageCheck.require(browser, "status-changed-de");
  }

  @Test
  void changedDownload_isPreparedAgain_withKeys() throws IOException {
    String page = changed("'zip_name': 'again', 'repeatable': true");
    open(page);
    PageCheck.require(browser, "status-again");
    browser.driver().switchTo().activeElement().sendKeys(Keys.TAB);
    assertThat(browser.driver().switchTo().activeElement().getText()).isEqualTo("Prepare again");
    browser.driver().switchTo().activeElement().sendKeys(Keys.ENTER);
    awaitReadyElsewhere(browser, page);
  }

  @Test
  void changedDownload_isPreparedAgain_withoutScripts() throws IOException {
    String page = changed("'zip_name': 'again', 'repeatable': true");
    try (Browser plain = new Browser(directory.resolve("others"), false)) {
      plain.driver().get(url(page));
      assertThat(plain.text("facts")).contains(" UTC");
      plain.driver().findElement(By.tagName("button")).click();
      awaitReadyElsewhere(plain, page);
    }
  }

  private static void awaitReadyElsewhere(Browser reader, String page) {
    Traces.awaited(() -> reader.driver().getTitle(), "Ready \u2013 again.zip"::equals);
    assertThat(reader.driver().getCurrentUrl()).isNotEqualTo(url(page)).endsWith("/status");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/main/none/get 404 Not found", "/zip/main/a.txt 403 Not allowed"})
  void error(String words) {
    String[] parts = words.split(" ", 3);
    open(parts[0]);
    assertThat(browser.driver().getTitle()).isEqualTo(parts[2]);
    PageCheck.require(browser, "error-" + parts[1]);
  }

  @Test
  void operatorsPage_updatesItself_inTheReadersLanguage() {
    speak("de");
    open("/status");
    assertThat(browser.driver().getTitle()).isEqualTo("Lading: Alles funktioniert.");
    assertThat(browser.text("parts")).contains("Datenbank", "Ort main", " frei");
    PageCheck.require(browser, "operator-de");
    browser.driver().executeScript("window.isTheSameDocument = true");
    String before = browser.text("found");
    Traces.awaited(() -> browser.text("found"), text -> !text.equals(before));
    assertThat(browser.driver().executeScript("return window.isTheSameDocument")).isEqualTo(true);
  }

  /** What comes with the pages of some failures is given to those of all. */
  @Test
  void errors_ofAllCodes() {
    open("/main/none/get");
    Map<String, String> pages = new LinkedHashMap<>();
    for (ErrorCode code : ErrorCode.values()) {
      LadingException failure = new LadingException(code, HOSTILE).at(0, LONG);
      pages.put(
          code.code(), ErrorAnswer.of(failure, "a page", Texts.GERMAN, "/main/none/status").text());
    }
    PageCheck.requireAlike(browser, pages);
    assertThat(browser.driver().getTitle()).isEqualTo("Nicht verf\u00fcgbar");
    assertThat(browser.driver().findElements(By.tagName("img"))).isEmpty();
  }

  @Test
  void status_ofAFailedDownload_inTheReadersLanguage() {
    speak("de");
    open(failed("nichts.txt"));
    assertThat(browser.text("reason"))
        .startsWith("nichts.txt fehlt oder darf nicht ausgeliefert werden. (Ziel 1)")
        .contains("Not found: nichts.txt", "Fordern Sie ihn dort noch einmal an");
    assertThat(browser.driver().findElement(By.cssSelector("[lang=en]")).getText())
        .isEqualTo("Not found: nichts.txt");
    PageCheck.require(browser, "status-failed-de");

    open(create("'zip_name': 'Bericht'", "status"));
    assertThat(browser.text("facts")).contains("Lading: nginx hat mod_zip nicht angek\u00fcndigt");
    assertThat(browser.driver().findElements(By.cssSelector("[lang=en]"))).isEmpty();
  }

  private static String create(String fields, String page) {
    return LadingServer.page(
        server.create(
            "{'root': 'main', %s, 'targets': [{'type': 'file', 'path': 'a.txt'}]}"
                .formatted(fields)),
        page);
  }

  private static String failed(String path) {
    Reply created =
        server.create(
            "{'root': 'main', 'targets': [{'type': 'file', 'path': '%s'}]}".formatted(path),
            "Prefer",
            "respond-async");
    String page = "/main/" + created.json().get("id").asText() + "/status";
    Traces.awaited(
        () -> server.get(page).json().get("status").asText(), "missing_or_invalid_targets"::equals);
    return page;
  }

  /** The status page of a download of which a file with a long name changed. */
  private static String changed(String fields) throws IOException {
    Path file = root.resolve(LONG);
    Files.writeString(file, "old");
    String page =
        LadingServer.page(
            server.create(
                "{'root': 'main', %s, 'targets': [{'type': 'file', 'path': '%s'}]}"
                    .formatted(fields, LONG)),
            "status");
    Files.writeString(file, "newer");
    assertThat(server.get(page.replace("/status", "/get")).status()).isEqualTo(409);
    set(page, "created_at = " + time("2026-01-02T23:30:00Z"));
    return page;
  }

  private static String id(String page) {
    return page.split("/", -1)[2];
  }

  private static String time(String instant) {
    return server.database().time(Instant.parse(instant));
  }

  private static void set(String page, String columns) {
    server.sql("update download set %s where id = '%s'".formatted(columns, id(page)));
  }

  private static void speak(String languages) {
    browser
        .driver()
        .executeCdpCommand(
            "Network.setExtraHTTPHeaders", Map.of("headers", Map.of("Accept-Language", languages)));
  }

  private static void open(String page) {
    browser.driver().get(url(page));
  }

  private static String url(String page) {
    return "http://127.0.0.1:" + server.port() + "/downloads" + page;
  }
}
