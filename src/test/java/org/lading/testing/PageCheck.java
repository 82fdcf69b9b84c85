package org.lading.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * Checks the page that a browser shows: with axe-core, the accessibility checker, narrow and wide,
 * light and dark; and that a narrow window needs no scrolling sideways. With {@code
 * -Dlading.screenshots=true} it also keeps pictures of the page, {@code
 * target/screenshots/NAME-WIDTH-SCHEME.png}.
 */
public final class PageCheck {
  private static final boolean KEEPS_PICTURES = Boolean.getBoolean("lading.screenshots");
  private static final Path PICTURES = Path.of("target/screenshots");

  private static final String AXE = axe();

  /** Runs axe-core with all its rules, and returns one line for each element that breaks one. */
  private static final String RUN =
      """
      const done = arguments[arguments.length - 1];
      axe.run(document).then(
        (found) => done(found.violations.flatMap((rule) => rule.nodes.map((node) =>
          rule.id + " (" + rule.impact + "): " + node.target + "  " + node.html + "  "
              + node.failureSummary))),
        (failure) => done(["axe-core failed: " + failure]));
      """;

  /** Puts the main part of another page into the one that is shown, which costs no loading. */
  private static final String SHOW =
      """
      const page = new DOMParser().parseFromString(arguments[0], "text/html");
      document.documentElement.lang = page.documentElement.lang;
      document.title = page.title;
      document.querySelector("main").replaceWith(page.querySelector("main"));
      """;

  private static final int NARROWEST = 320;
  private static final int NARROW = 360;
  private static final int WIDE = 1280;
  private static final int HEIGHT = 800;

  private PageCheck() {}

  /**
   * Fails with all that is wrong with the page; afterwards the window is wide, and light. The
   * browser has to run scripts, at least from now on.
   *
   * @param name the name of the page and its state, for pictures and failures
   */
  public static void require(Browser browser, String name) {
    size(browser, NARROWEST);
    requireNoScrollingSideways(browser, name);
    look(browser, name, NARROW, "dark", true);
    look(browser, name, WIDE, "light", true);
    if (KEEPS_PICTURES) {
      look(browser, name, NARROW, "light", false);
      look(browser, name, WIDE, "dark", false);
      look(browser, name, WIDE, "light", false);
    }
  }

  /**
   * Fails with all that is wrong with pages that share the head of the one that is shown: in the
   * narrowest window, light. Keeps no pictures.
   *
   * @param pages the pages by their names
   */
  public static void requireAlike(Browser browser, Map<String, String> pages) {
    size(browser, NARROWEST);
    browser.driver().executeScript(AXE);
    pages.forEach(
        (name, page) -> {
          browser.driver().executeScript(SHOW, page);
          requireNoScrollingSideways(browser, name);
          requireNoViolation(browser, name);
        });
    size(browser, WIDE);
  }

  private static void look(
      Browser browser, String name, int width, String scheme, boolean isChecked) {
    size(browser, width);
    browser.prefer(scheme);
    String picture = name + "-" + width + "-" + scheme;
    if (isChecked) {
      requireNoScrollingSideways(browser, picture);
      requireAccessible(browser, picture);
    }
    if (KEEPS_PICTURES) {
      keepPicture(browser, PICTURES.resolve(picture + ".png"));
    }
  }

  private static void size(Browser browser, int width) {
    browser
        .driver()
        .executeCdpCommand(
            "Emulation.setDeviceMetricsOverride",
            Map.of("width", width, "height", HEIGHT, "deviceScaleFactor", 1, "mobile", false));
  }

  private static void requireNoScrollingSideways(Browser browser, String name) {
    Object over =
        browser
            .driver()
            .executeScript("return document.documentElement.scrollWidth - window.innerWidth");
    if (((Number) over).longValue() > 0) {
      throw new AssertionError(name + " is " + over + " px too wide");
    }
  }

  private static void requireAccessible(Browser browser, String name) {
    browser.driver().executeScript(AXE);
    requireNoViolation(browser, name);
  }

  private static void requireNoViolation(Browser browser, String name) {
    List<?> violations = (List<?>) browser.driver().executeAsyncScript(RUN);
    if (violations == null || !violations.isEmpty()) {
      throw new AssertionError(name + ": " + violations);
    }
  }

  private static void keepPicture(Browser browser, Path file) {
    Map<String, Object> answer =
        browser
            .driver()
            .executeCdpCommand(
                "Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true));
    try {
      Files.createDirectories(PICTURES);
      Files.write(file, Base64.getDecoder().decode((String) answer.get("data")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String axe() {
    try (InputStream in = PageCheck.class.getResourceAsStream("/axe.min.js")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
