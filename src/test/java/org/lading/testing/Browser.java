package org.lading.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * A headless Chromium as Debian packages it, with a profile and a download directory of its own.
 */
public final class Browser implements AutoCloseable {
  private static final int FORBIDDEN = 2;
  private static final int MAX_LOOKS = 50;

  private final ChromeDriver driver;
  private final Path downloads;

  /**
   * Starts one.
   *
   * @param directory gets the downloads
   * @param isScripted whether it runs scripts
   */
  public Browser(Path directory, boolean isScripted) throws IOException {
    this.downloads = Files.createDirectories(directory);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(Programs.HERE.get("chromium").toFile());
    // The tests may run as root, where the sandbox does not work.
    options.addArguments(
        "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=800,700");
    options.setExperimentalOption(
        "prefs",
        Map.of(
            "download.default_directory",
            downloads.toString(),
            "download.prompt_for_download",
            false,
            "profile.managed_default_content_settings.javascript",
            isScripted ? 1 : FORBIDDEN));
    LoggingPreferences logging = new LoggingPreferences();
    logging.enable(LogType.BROWSER, Level.ALL);
    options.setCapability("goog:loggingPrefs", logging);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(Programs.HERE.get("chromedriver").toFile())
            .usingAnyFreePort()
            .build();
    this.driver = new ChromeDriver(service, options);
  }

  /** The way to steer it. */
  public ChromeDriver driver() {
    return driver;
  }

  /** Has pages believe that their reader prefers {@code light} or {@code dark}. */
  public void prefer(String scheme) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  /**
   * From now on runs the scripts of pages, or not; the axe-core of {@link PageCheck} needs them.
   */
  public void runScripts(boolean isScripted) {
    driver.executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", !isScripted));
  }

  /**
   * The text of the element with an id; a page that is just being loaded again is looked at again.
   */
  public String text(String id) {
    for (int attempt = 1; ; attempt++) {
      try {
        return driver.findElement(By.id(id)).getText();
      } catch (WebDriverException betweenTwoPages) {
        if (attempt == MAX_LOOKS) {
          throw betweenTwoPages;
        }
      }
    }
  }

  /**
   * What pages have written to the console since the last call, violations of policies included.
   */
  public List<String> console() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(LogEntry::getMessage)
        .toList();
  }

  /** The file that was downloaded completely, once there is one. */
  public Path downloaded() {
    List<Path> files = Traces.eventually(this::completeDownloads, found -> !found.isEmpty());
    if (files.size() != 1) {
      throw new AssertionError("downloaded: " + files);
    }
    return files.get(0);
  }

  /** Chromium makes an empty file of the final name before it puts the complete one there. */
  private List<Path> completeDownloads() {
    try (Stream<Path> files = Files.list(downloads)) {
      return files
          .filter(file -> file.toString().endsWith(".zip") && file.toFile().length() > 0)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    driver.quit();
  }
}
