package org.lading.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
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

  /** What brings the libraries of Node.js that are not packages of Debian. */
  static final String NPM = "npm";

  /**
   * The libraries that tests name as programs, by their packages: the interpreter, and what ends
   * with 0 in one that has the library. Of several interpreters only one may have it.
   */
  private static final Map<String, List<String>> LIBRARIES =
      Map.ofEntries(
          Map.entry("python3-django", python("django")),
          Map.entry("python3-flask", python("flask")),
          Map.entry("ruby-actionpack", ruby("actionpack")),
          Map.entry("ruby-httpclient", ruby("httpclient")),
          Map.entry("ruby-jwt", ruby("jwt")),
          Map.entry("ruby-webrick", ruby("webrick")),
          Map.entry("npm:express", node("express")),
          Map.entry("npm:jsonwebtoken", node("jsonwebtoken")),
          Map.entry("npm:standardwebhooks", node("standardwebhooks")));

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
          Map.entry("epmd", "erlang-base"),
          Map.entry("mkfifo", "coreutils"),
          Map.entry("nginx", "nginx-light"),
          Map.entry("npm:express", NPM),
          Map.entry("npm:jsonwebtoken", NPM),
          Map.entry("npm:standardwebhooks", NPM),
          Map.entry("php", "php-cli"),
          Map.entry("systemd-analyze", "systemd"),
          Map.entry("systemd-sysusers", "systemd"),
          Map.entry("systemd-tmpfiles", "systemd"),
          Map.entry("pg_dump", "postgresql-client"),
          Map.entry("pg_restore", "postgresql-client"),
          Map.entry("promtool", "prometheus"),
          Map.entry("python3-django", "python3-django python3-jwt"),
          Map.entry("python3-flask", "python3-flask python3-jwt"),
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

  /** One interpreter has to have the module and PyJWT. */
  private static List<String> python(String module) {
    String missing =
        "[m for m in ('" + module + "', 'jwt') if importlib.util.find_spec(m) is None]";
    return List.of("python3", "-c", "import importlib.util, sys; sys.exit(len(" + missing + "))");
  }

  private static List<String> ruby(String gem) {
    return List.of("ruby", "-e", "exit(Gem::Specification.find_all_by_name('" + gem + "').any?)");
  }

  private static List<String> node(String module) {
    return List.of("node", "-e", "require.resolve('" + module + "')");
  }

  /** The file of a program that is there; of a library, that of an interpreter that has it. */
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
      return !isRoot()
          || files(program)
              .findFirst()
              .filter(unshare -> succeeds(unshare, List.of("-U", "true")))
              .isPresent();
    }
    return files(program).findFirst().isPresent();
  }

  private Stream<Path> files(String program) {
    List<String> check = LIBRARIES.get(program);
    if (check != null) {
      List<String> arguments = check.subList(1, check.size());
      return files(check.get(0)).filter(interpreter -> succeeds(interpreter, arguments));
    }
    return directories.stream()
        .map(directory -> directory.resolve(program))
        .filter(Files::isRegularFile)
        .filter(Files::isExecutable);
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  /**
   * Whether a program ends with 0: {@code unshare} does where this machine lets users have other
   * numbers, which containers often do not.
   */
  private static boolean succeeds(Path program, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(arguments);
    try {
      return new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
