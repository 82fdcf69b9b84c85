package org.lading.config;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.LogManager;
import org.lading.check.SystemCheck;

/** Checks a settings file, and what a Lading with these settings would be. */
public final class Main {
  private static final String HELP = "--help";
  private static final String CHECK = "--check";
  private static final String EXPLAIN = "--explain";
  private static final String USAGE =
      """
      usage: java -jar downloads.war check FILE [ --explain ]
        FILE       the settings: prints what is wrong, what is passed over, and what a Lading
                   with them would be; nothing is made or changed
        --explain  prints each setting in effect too, where it comes from and what it means""";

  private static final int EXIT_FAULTS = 1;
  private static final int EXIT_USAGE = 2;

  private Main() {}

  /** Does so, and exits with 0, or 1 for faults, 2 for wrong arguments. */
  public static void main(String[] arguments) {
    // The findings have what the libraries would log, a line each.
    LogManager.getLogManager().reset();
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.exit(run(List.of(arguments), System.getenv(), out, System.err));
  }

  /** Does what {@link #main} does, and returns the exit code. */
  static int run(
      List<String> arguments, Map<String, String> environment, PrintStream out, PrintStream err) {
    if (arguments.contains(HELP)) {
      out.println(USAGE);
      return 0;
    }
    List<String> rest = new ArrayList<>(arguments);
    boolean explains = rest.remove(EXPLAIN);
    if (rest.size() != 2 || !rest.get(0).equals(CHECK) || rest.get(1).startsWith("--")) {
      err.println(USAGE);
      return EXIT_USAGE;
    }
    SettingsCheck check =
        new SettingsCheck(Path.of(rest.get(1)), environment, SystemCheck.MAX_TIME, out::println);
    return check.run(explains) ? 0 : EXIT_FAULTS;
  }
}
