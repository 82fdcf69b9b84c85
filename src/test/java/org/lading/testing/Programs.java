package org.lading.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The programs that tests start, found in a search path, and the packages that bring them. */
public final class Programs {
  /**
   * What runs PostgreSQL for root, whom it refuses: with a user of another number. Any other user
   * needs no such program.
   */
  public static final String UNSHARE = "unshare";

  /** Debian has servers there, and not in the PATH of everybody. */
  private static final List<String> ALSO = List.of("/usr/sbin", "/usr/local/sbin");

  /** The Debian packages of the programs that are not called as their package is. */
  private static final Map<String, String> PACKAGES =
      Map.ofEntries(
          Map.entry("7z", "p7zip-full"),
          Map.entry("aria2c", "aria2"),
          Map.entry("bsdtar", "libarchive-tools"),
          Map.entry("chromedriver", "chromium-driver"),
          Map.entry("cmp", "diffutils"),
          Map.entry("mkfifo", "coreutils"),
          Map.entry("nginx", "nginx-light"),
          Map.entry(UNSHARE, "util-linux"),
          Map.entry("zipinfo", "unzip"));

  /** The programs of this machine. */
  public static final Programs HERE =
      new Programs(
          String.valueOf(System.getenv("PATH")),
          "required".equals(System.getProperty("tools")),
          System.getProperty("lading.testsNotRun"));

  private final List<Path> directories;
  private final boolean isRequired;
  private final String record;

  /**
   * The programs of a search path.
   *
   * @param path directories as in the variable {@code PATH}
   * @param isRequired whether a missing program is a failure of the test that needs it
   * @param record the file that gets a line for each test that is left out; null for none
   */
  Programs(String path, boolean isRequired, String record) {
    this.directories =
        Stream.concat(Stream.of(path.split(File.pathSeparator)), ALSO.stream())
            .filter(directory -> !directory.isEmpty())
            .map(Path::of)
            .toList();
    this.isRequired = isRequired;
    this.record = record;
  }

  /** The file of a program that is there. */
  public Path get(String program) {
    return files(program)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(program + " is not in " + directories));
  }

  /** Skips the running test, or fails it, if a program is missing. */
  public void require(String test, String... programs) {
    List<String> missing = missing(programs);
    if (!missing.isEmpty()) {
      Assumptions.abort(leaveOut(test, missing));
    }
  }

  /** Those of the programs that are not there. */
  List<String> missing(String... programs) {
    return Stream.of(programs).filter(program -> !isThere(program)).toList();
  }

  /**
   * Records that a test is left out.
   *
   * @return the reason, in a sentence
   * @throws AssertionError with that sentence, where every program is required
   */
  String leaveOut(String test, List<String> missing) {
    String reason =
        "%s needs %s, which is not in PATH (on Debian: apt-get install %s)."
            .formatted(test, String.join(", ", missing), String.join(" ", packages(missing)));
    if (isRequired) {
      throw new AssertionError(reason);
    }
    if (record != null) {
      try {
        Files.writeString(
            Path.of(record),
            test + " " + String.join(" ", missing) + "\n",
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return reason;
  }

  /** The Debian packages that bring these programs, each once. */
  static List<String> packages(List<String> programs) {
    return programs.stream()
        .map(program -> PACKAGES.getOrDefault(program, program))
        .distinct()
        .sorted()
        .toList();
  }

  private boolean isThere(String program) {
    if (program.equals(UNSHARE)) {
      return !isRoot() || files(program).findFirst().filter(Programs::isAllowed).isPresent();
    }
    return files(program).findFirst().isPresent();
  }

  private Stream<Path> files(String program) {
    return directories.stream()
        .map(directory -> directory.resolve(program))
        .filter(Files::isRegularFile)
        .filter(Files::isExecutable);
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  /** Whether this machine lets users have other numbers; containers often do not. */
  private static boolean isAllowed(Path unshare) {
    try {
      return new ProcessBuilder(unshare.toString(), "-U", "true").start().waitFor() == 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
