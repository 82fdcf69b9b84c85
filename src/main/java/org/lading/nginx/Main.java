package org.lading.nginx;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.lading.config.ConfigurationException;
import org.lading.config.ConfigurationLoader;
import org.lading.nginx.check.CheckCommand;

/** Prints the nginx configuration for a Lading configuration file, or checks an installation. */
public final class Main {
  private static final String HELP = "--help";
  private static final int EXIT_FAULTS = 1;
  private static final int EXIT_USAGE = 2;

  private Main() {}

  /** Does so, and exits with 0, or 1 for faults, 2 for wrong arguments. */
  public static void main(String[] arguments) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.exit(run(List.of(arguments), System.getenv(), out, System.err));
  }

  /** Does what {@link #main} does, and returns the exit code. */
  static int run(
      List<String> arguments, Map<String, String> environment, PrintStream out, PrintStream err) {
    if (arguments.contains(CheckCommand.NAME)) {
      return CheckCommand.run(arguments, environment, out, err);
    }
    if (arguments.contains(HELP)) {
      out.println(usage());
      return 0;
    }
    List<String> files = new ArrayList<>();
    List<String> ofOptions = new ArrayList<>();
    divide(arguments, files, ofOptions);
    try {
      NginxOptions options = NginxOptions.DEFAULTS.with(ofOptions.toArray(String[]::new));
      if (files.size() == 1) {
        return print(Path.of(files.get(0)), environment, options, out, err);
      }
    } catch (IllegalArgumentException e) {
      err.println(e.getMessage());
    }
    err.println(usage());
    return EXIT_USAGE;
  }

  private static void divide(List<String> arguments, List<String> files, List<String> ofOptions) {
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      String argument = rest.next();
      (argument.startsWith("--") ? ofOptions : files).add(argument);
      boolean takesNext = NginxOption.named(argument).filter(NginxOption::hasValue).isPresent();
      if (takesNext && rest.hasNext()) {
        ofOptions.add(rest.next());
      }
    }
  }

  private static String usage() {
    return Stream.of(NginxOption.values())
        .map(NginxOption::usage)
        .collect(
            Collectors.joining(
                "\n",
                """
                usage: java -jar downloads.war nginx [ OPTIONS ] FILE
                  FILE  the settings of Lading; what nginx needs for them is printed
                """,
                "\n" + CheckCommand.USAGE));
  }

  private static int print(
      Path file,
      Map<String, String> environment,
      NginxOptions options,
      PrintStream out,
      PrintStream err) {
    try {
      out.print(
          NginxConfigurationRenderer.render(ConfigurationLoader.load(file, environment), options));
      out.flush();
      return 0;
    } catch (ConfigurationException e) {
      e.faults().forEach(err::println);
      return EXIT_FAULTS;
    }
  }
}
