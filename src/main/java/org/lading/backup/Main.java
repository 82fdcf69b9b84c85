package org.lading.backup;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.LogManager;
import org.lading.config.Configuration;
import org.lading.config.ConfigurationException;
import org.lading.config.ConfigurationFinder;
import org.lading.config.ConfigurationLoader;
import org.lading.error.LadingException;

/** Backs up what a Lading has stored, restores it, and moves it from one database to another. */
public final class Main {
  private static final String HELP = "--help";
  private static final String CONFIG = "--config";
  private static final String USAGE =
      """
      usage: java -jar downloads.war COMMAND DIRECTORY [ --config FILE ]
        backup TO     copies the embedded database and the stored content, also of a running Lading
        restore FROM  puts such a copy into the places of the settings, where nothing must be
        export TO     writes all tables, of either database, and the stored content
        import FROM   puts those into the database of the settings, which must have no rows
        --config      the settings file; without it, the one that Lading itself would take""";

  private static final int EXIT_FAILED = 1;
  private static final int EXIT_USAGE = 2;

  private Main() {}

  /** Does so, and exits with 0, or 1 if it failed, 2 for wrong arguments. */
  public static void main(String[] arguments) {
    LogManager.getLogManager().reset();
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.exit(run(List.of(arguments), System.getenv(), out, System.err));
  }

  /** Does what {@link #main} does, and returns the exit code. */
  public static int run(
      List<String> arguments, Map<String, String> environment, PrintStream out, PrintStream err) {
    if (arguments.contains(HELP) || arguments.contains("-h")) {
      out.println(USAGE);
      return 0;
    }
    List<String> rest = new ArrayList<>(arguments);
    int config = rest.indexOf(CONFIG);
    Path file = null;
    if (config >= 0 && config + 1 < rest.size()) {
      file = Path.of(rest.remove(config + 1));
      rest.remove(config);
    }
    String wrong = wrong(rest);
    if (!wrong.isEmpty()) {
      err.println(wrong + "\n" + USAGE);
      return EXIT_USAGE;
    }
    try {
      Path settings = file == null ? ConfigurationFinder.ofThisProcess().find(null) : file;
      Configuration configuration = ConfigurationLoader.load(settings, environment);
      return run(rest.get(0), Path.of(rest.get(1)).toAbsolutePath(), configuration, out, err);
    } catch (ConfigurationException e) {
      e.faults().forEach(fault -> err.println("Not configured: " + fault));
    } catch (BackupException | LadingException e) {
      err.println(e.getMessage());
    } catch (IOException | SQLException | RuntimeException e) {
      err.println("It failed: " + e);
    }
    return EXIT_FAILED;
  }

  /** Returns what is wrong with a command and its directory, or an empty string. */
  private static String wrong(List<String> arguments) {
    for (String argument : arguments) {
      if (argument.startsWith("-")) {
        return argument.equals(CONFIG)
            ? CONFIG + " needs a file"
            : "There is no option " + argument;
      }
    }
    return switch (arguments.size()) {
      case 0 -> "A command is missing";
      case 1 -> arguments.get(0) + " needs a directory";
      case 2 -> "";
      default -> "There is one directory alone, and no " + arguments.get(2);
    };
  }

  private static int run(
      String command, Path directory, Configuration configuration, PrintStream out, PrintStream err)
      throws IOException, SQLException {
    BackupMaker maker = new BackupMaker(configuration, Clock.systemUTC(), out::println);
    BackupReader reader = new BackupReader(configuration, out::println);
    switch (command) {
      case "backup" -> maker.backUp(directory);
      case "restore" -> reader.restore(directory);
      case "export" -> maker.export(directory);
      case "import" -> reader.importTables(directory);
      default -> {
        err.println(USAGE);
        return EXIT_USAGE;
      }
    }
    return 0;
  }
}
