package org.lading.nginx.check;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lading.config.Configuration;
import org.lading.config.ConfigurationException;
import org.lading.config.ConfigurationLoader;

/** Checks an installation on the command line. */
public final class CheckCommand {
  /** The argument by which the command is recognised. */
  public static final String NAME = "--check";

  /** The arguments of the command. */
  public static final String USAGE =
      """
      usage, to check an installation: java -jar downloads.war nginx --check URL --config FILE
        --check URL                 the address by which clients come
        --config FILE               the settings of Lading
        --context-path PATH         the path of Lading (/downloads)
        --token TOKEN               the token of a client that may create in every root
        --write                     may put one small object into each bucket, and removes it""";

  /** More than the second in which HTTP dates and those of archives count. */
  private static final int PAUSE_MILLIS = 1100;

  private static final int EXIT_FAULTS = 1;
  private static final int EXIT_USAGE = 2;

  private CheckCommand() {}

  /**
   * Prints a line for each finding.
   *
   * @return 0 if there is no fault, 1 if there is one (or one in the settings), 2 for wrong
   *     arguments
   */
  public static int run(
      List<String> arguments, Map<String, String> environment, PrintStream out, PrintStream err) {
    return run(arguments, environment, CheckCommand::pause, new Streams(out, err));
  }

  /** Where the command prints to. */
  record Streams(PrintStream out, PrintStream err) {}

  /** Waits until another second has begun. */
  static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static int run(
      List<String> arguments, Map<String, String> environment, Runnable pause, Streams streams) {
    PrintStream err = streams.err();
    CheckOptions options;
    Path file;
    try {
      Arguments given = new Arguments(arguments);
      options = given.options();
      file = given.file();
    } catch (IllegalArgumentException e) {
      err.println(e.getMessage());
      err.println(USAGE);
      return EXIT_USAGE;
    }
    try {
      Configuration configuration = ConfigurationLoader.load(file, environment);
      return InstallationCheck.run(configuration, options, pause, streams.out()::println)
          ? 0
          : EXIT_FAULTS;
    } catch (ConfigurationException e) {
      e.faults().forEach(err::println);
      return EXIT_FAULTS;
    }
  }

  /** The arguments, taken apart. */
  private static final class Arguments {
    private @Nullable String address;
    private @Nullable String file;
    private @Nullable String token;
    private String contextPath = CheckOptions.DEFAULT_CONTEXT_PATH;
    private boolean write;

    Arguments(List<String> arguments) {
      Deque<String> rest = new ArrayDeque<>(arguments);
      while (!rest.isEmpty()) {
        String name = rest.remove();
        switch (name) {
          case NAME -> address = value(name, rest.poll());
          case "--config" -> file = value(name, rest.poll());
          case "--token" -> token = value(name, rest.poll());
          case "--context-path" -> contextPath = value(name, rest.poll());
          case "--write" -> write = true;
          default -> throw new IllegalArgumentException("unknown argument: " + name);
        }
      }
    }

    CheckOptions options() {
      return CheckOptions.of(value(NAME, address), contextPath, token, write);
    }

    Path file() {
      return Path.of(value("--config", file));
    }

    private static String value(String name, @Nullable String value) {
      if (value == null) {
        throw new IllegalArgumentException(name + " needs a value");
      }
      return value;
    }
  }
}
