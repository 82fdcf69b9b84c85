package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
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
import org.lading.testing.RawFiles;
import org.lading.testing.Traces;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** From the list of roots to a zip, in a real browser, with scripts and without. */
@NeedsProgram({"chromium", "chromedriver"})
class BrowseIT {
  @TempDir static Path directory;
  private static LadingServer server;

  /** The browser with scripts, and the one without, which start when they are needed. */
  private static final Map<Boolean, Browser> BROWSERS = new HashMap<>();

  @BeforeAll
  static void start() throws IOException {
    Path root = directory.resolve("root");
    for (int i = 0; i < 505; i++) {
      RawFiles.write(root.resolve("scans/scan %04d.tif".formatted(i)), new byte[i]);
    }
    for (String name :
        List.of(
            "2024/q1.txt",
            "2024/q2.txt",
            "letters/a.txt",
            "letters/older/b.txt",
            "README.txt",
            "Übersicht.csv",
            "<b>bold<b>.txt",
            "long".repeat(50) + ".txt")) {
      RawFiles.write(RawFiles.at(root, name), new byte[1500]);
    }
    RawFiles.makeDirectories(root.resolve("empty"));
    Files.createSymbolicLink(root.resolve("broken link"), Path.of("nowhere"));
    server =
        LadingServer.start(
            directory,
            "roots: [{name: samples, path: root, public: true}, {name: empty, path: root/empty, public: true}]\n");
  }

  @AfterAll
  static void stop() {
    BROWSERS.values().forEach(Browser::close);
    server.close();
  }

  /** A browser without anything chosen or downloaded. */
  private static Browser browser(boolean isScripted) throws IOException {
    Path downloads = directory.resolve("downloads-" + isScripted);
    Browser browser = BROWSERS.get(isScripted);
    if (browser == null) {
      browser = new Browser(downloads, isScripted);
      BROWSERS.put(isScripted, browser);
    }
    browser.runScripts(isScripted);
    open(browser, "/");
    browser.driver().executeScript("sessionStorage.clear()");
    try (Stream<Path> before = Files.list(downloads)) {
      for (Path file : before.toList()) {
        Files.delete(file);
      }
    }
    List<String> unused = browser.console();
    return browser;
  }

  @ParameterizedTest
  @CsvSource({"true, 360", "true, 1280", "false, 360", "false, 1280"})
  void twoFilesAndADirectory_becomeAZipThatOpens(boolean isScripted, int width) throws Exception {
    Browser browser = browser(isScripted);
    browser
        .driver()
        .executeCdpCommand(
            "Emulation.setDeviceMetricsOverride",
            Map.of("width", width, "height", 800, "deviceScaleFactor", 1, "mobile", false));
    open(browser, "/");
    click(browser, By.linkText("samples"));
    for (String value :
        List.of("directory=letters", "file=README.txt", "file=%C3%9Cbersicht.csv")) {
      click(browser, box(browser, value));
    }
    if (isScripted) {
      assertThat(browser.text("sum")).isEqualTo("2 files (3.0 kB), 1 directory");
    }
    click(browser, By.cssSelector("form button"));
    Traces.awaited(() -> browser.driver().getTitle(), "Ready \u2013 samples.zip"::equals);
    click(browser, By.partialLinkText("samples.zip"));

    try (ZipFile zip = new ZipFile(browser.downloaded().toFile())) {
      assertThat(names(zip))
          .containsExactly(
              "samples/README.txt",
              "samples/letters/a.txt",
              "samples/letters/older/b.txt",
              "samples/Übersicht.csv");
    }
    assertThat(browser.console()).isEmpty();
  }

  @Test
  void everyState_isAccessible_andFits() throws IOException {
    Browser browser = browser(true);
    open(browser, "/");
    PageCheck.require(browser, "browse-roots");
    open(browser, "/browse/samples/");
    click(browser, box(browser, "file=README.txt"));
    click(browser, box(browser, "directory=2024"));
    PageCheck.require(browser, "browse-list");
    assertThat(browser.driver().getPageSource()).doesNotContain("<b>bold");

    open(browser, "/browse/empty/");
    PageCheck.require(browser, "browse-empty");
    open(browser, "/browse/samples/scans/");
    click(browser, By.linkText("Next page"));
    assertThat(browser.driver().findElements(By.cssSelector("tbody tr"))).hasSize(5);
    PageCheck.require(browser, "browse-next");

    open(browser, "/browse/samples/letters/");
    browser.driver().executeScript("sessionStorage.clear()");
    open(browser, "/browse/samples/letters/");
    click(browser, By.cssSelector("form button"));
    assertThat(browser.text("reason")).contains("Choose at least one file or directory.");
    PageCheck.require(browser, "browse-nothing");
    click(browser, box(browser, "file=letters/a.txt"));
    Files.delete(directory.resolve("root/letters/a.txt"));
    click(browser, By.cssSelector("form button"));
    assertThat(browser.text("reason")).contains("Not found: letters/a.txt");
    PageCheck.require(browser, "browse-vanished");
    RawFiles.write(directory.resolve("root/letters/a.txt"), new byte[1500]);
  }

  @Test
  void ticks_surviveTheWayToOtherPages_andAreInOneArchive() throws IOException {
    Browser browser = browser(true);
    open(browser, "/browse/samples/");
    assertThat(browser.text("sum")).isEqualTo("Nothing is chosen yet.");
    click(browser, box(browser, "file=README.txt"));
    click(browser, By.linkText("scans/"));
    click(browser, box(browser, "file=scans/scan%200003.tif"));
    click(browser, By.linkText("Next page"));
    click(browser, box(browser, "file=scans/scan%200502.tif"));
    assertThat(browser.text("sum")).isEqualTo("3 files (2.0 kB)");
    assertThat(browser.driver().findElement(By.id("elsewhere")).isDisplayed()).isTrue();
    click(browser, By.tagName("summary"));
    PageCheck.require(browser, "browse-elsewhere");

    click(browser, By.linkText("First page"));
    assertThat(box(browser, "file=scans/scan%200003.tif").isSelected()).isTrue();
    browser.driver().findElement(By.id("name")).sendKeys(Keys.ENTER);
    Traces.awaited(() -> browser.driver().getTitle(), "Ready \u2013 scans.zip"::equals);
    click(browser, By.partialLinkText("scans.zip"));
    try (ZipFile zip = new ZipFile(browser.downloaded().toFile())) {
      assertThat(names(zip))
          .containsExactly(
              "scans/README.txt", "scans/scans/scan 0003.tif", "scans/scans/scan 0502.tif");
    }
    open(browser, "/browse/samples/");
    assertThat(browser.text("sum")).isEqualTo("Nothing is chosen yet.");
    assertThat(browser.console()).isEmpty();
  }

  @Test
  void ticks_withoutScripts_areTakenAlongByTheButtonsThatTurnThePages() throws IOException {
    Browser browser = browser(true);
    browser.runScripts(false);
    open(browser, "/browse/samples/scans/");
    assertThat(browser.driver().findElement(By.tagName("noscript")).getText())
        .contains("stays ticked while you turn the pages");
    click(browser, box(browser, "file=scans/scan%200003.tif"));
    click(browser, button("Next page"));
    click(browser, box(browser, "file=scans/scan%200502.tif"));
    assertThat(browser.driver().findElement(By.id("elsewhere")).getText()).contains("scan 0003");
    browser.runScripts(true);
    PageCheck.require(browser, "browse-turned");
    browser.runScripts(false);

    click(browser, button("First page"));
    assertThat(box(browser, "file=scans/scan%200003.tif").isSelected()).isTrue();
    browser.driver().findElement(By.id("name")).sendKeys(Keys.ENTER);
    Traces.awaited(() -> browser.driver().getTitle(), "Ready \u2013 scans.zip"::equals);
    click(browser, By.partialLinkText("scans.zip"));
    try (ZipFile zip = new ZipFile(browser.downloaded().toFile())) {
      assertThat(names(zip)).containsExactly("scans/scan 0003.tif", "scans/scan 0502.tif");
    }
    browser.runScripts(true);
  }

  @Test
  void ticks_beyondWhatIsKept_areTakenBack_andThePageSaysSo() throws IOException {
    Browser browser = browser(true);
    open(browser, "/browse/samples/2024/");
    assertThat(browser.driver().findElement(By.id("form")).getDomAttribute("data-most"))
        .isEqualTo("5000");
    browser.driver().executeScript("document.getElementById('form').dataset.most = 1");
    click(browser, box(browser, "file=2024/q1.txt"));
    assertThat(browser.text("full")).isEmpty();

    click(browser, box(browser, "file=2024/q2.txt"));
    assertThat(browser.text("full")).startsWith("No more than 5,000 ticks are kept");
    assertThat(box(browser, "file=2024/q2.txt").isSelected()).isFalse();
    assertThat(browser.text("sum")).isEqualTo("1 file (1.5 kB)");
    PageCheck.require(browser, "browse-full");

    click(browser, By.id("all"));
    assertThat(browser.text("full")).isEmpty();
    assertThat(browser.text("sum")).isEqualTo("Everything in this directory");
    click(browser, box(browser, "file=2024/q1.txt"));
    assertThat(browser.text("full")).isEmpty();
    click(browser, box(browser, "file=2024/q1.txt"));
    assertThat(browser.text("full")).isNotEmpty();
    open(browser, "/browse/samples/");
    assertThat(browser.text("sum")).isEqualTo("1 file (1.5 kB)");
    assertThat(browser.console()).isEmpty();
  }

  private static By button(String text) {
    return By.xpath("//button[text()='" + text + "']");
  }

  @Test
  void everythingInADirectory_isAllItsPages_alsoOnTheWayToOthers() throws IOException {
    Browser browser = browser(true);
    open(browser, "/browse/samples/scans/");
    click(browser, By.id("all"));
    click(browser, By.linkText("Next page"));
    assertThat(browser.driver().findElement(By.id("all")).isSelected()).isTrue();
    assertThat(box(browser, "file=scans/scan%200502.tif").isSelected()).isTrue();
    assertThat(browser.text("sum")).isEqualTo("Everything in this directory");

    open(browser, "/browse/samples/letters/");
    assertThat(browser.text("sum")).isEqualTo("1 directory");
    click(browser, box(browser, "file=letters/a.txt"));
    click(browser, By.cssSelector("form button"));
    Traces.awaited(() -> browser.driver().getTitle(), "Ready \u2013 letters.zip"::equals);
    click(browser, By.partialLinkText("letters.zip"));
    try (ZipFile zip = new ZipFile(browser.downloaded().toFile())) {
      assertThat(names(zip))
          .hasSize(506)
          .contains("letters/letters/a.txt", "letters/scans/scan 0504.tif");
    }
    assertThat(browser.console()).isEmpty();
  }

  @Test
  void keys_tickAndSend_andAllTicksAll() throws IOException {
    Browser browser = browser(true);
    open(browser, "/browse/samples/2024/");
    WebElement all = browser.driver().findElement(By.id("all"));
    all.sendKeys(Keys.SPACE);
    assertThat(box(browser, "file=2024/q1.txt").isSelected()).isTrue();
    assertThat(browser.text("sum")).isEqualTo("Everything in this directory");
    box(browser, "file=2024/q1.txt").sendKeys(Keys.SPACE);
    assertThat(all.isSelected()).isFalse();
    assertThat(browser.text("sum")).isEqualTo("1 file (1.5 kB)");
    browser.driver().findElement(By.tagName("button")).sendKeys(Keys.ENTER);
    Traces.awaited(() -> browser.driver().getTitle(), "Ready \u2013 2024.zip"::equals);
  }

  /** Clicks what may be below the panel at the end of the window, as a reader does. */
  private static void click(Browser browser, WebElement element) {
    browser.driver().executeScript("arguments[0].scrollIntoView({block: 'center'})", element);
    element.click();
  }

  private static void click(Browser browser, By by) {
    click(browser, browser.driver().findElement(by));
  }

  private static List<String> names(ZipFile zip) {
    return zip.stream().map(entry -> entry.getName()).sorted().toList();
  }

  private static WebElement box(Browser browser, String value) {
    String[] parts = value.split("=", 2);
    return browser
        .driver()
        .findElement(
            By.cssSelector("table input[name='%s'][value='%s']".formatted(parts[0], parts[1])));
  }

  private static void open(Browser browser, String page) {
    browser.driver().get("http://localhost:" + server.port() + "/downloads" + page);
  }
}
