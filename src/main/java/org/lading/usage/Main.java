package org.lading.usage;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Locale;
import java.util.logging.LogManager;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.lading.error.LadingException;

/** Reports what was delivered, as the audit logs of Lading and nginx tell it. */
public final class Main {
  private static final String HELP = "--help";
  private static final int EXIT_FAULT = 1;
  private static final int EXIT_USAGE = 2;

  private static final String USAGE =
      """
      usage: java -jar downloads.war usage [ OPTIONS ] LOG...
        LOG                   an audit log of Lading, or nginx's of archives; may be compressed
                              with gzip; - is the standard input
        --by WHAT             %s
        --format csv|json     by default csv; json is one object a line
        --robots FILE         COUNTER's list of robots, as JSON or as text
        --from TIME --to TIME only what began in this period, without its end: dates in UTC, or
                              times with an offset
        --directory DIR       where the lines are sorted; by default the system's for temporary
                              files""";

  private Main() {}

  /** Prints the report, and exits with 0, or 1 for what cannot be read, 2 for wrong arguments. */
  public static void main(String[] arguments) {
    LogManager.getLogManager().reset();
    System.exit(run(List.of(arguments), System.out, System.err));
  }

  /** Does what {@link #main} does, and returns the exit code. */
  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (arguments.contains(HELP)) {
      out.println(usage());
      return 0;
    }
    try {
      return report(UsageOptions.of(arguments), out, err);
    } catch (IllegalArgumentException e) {
      err.println(e.getMessage());
      err.println(usage());
      return EXIT_USAGE;
    } catch (NoSuchFileException e) {
      err.println("The report cannot be made: there is no file " + e.getFile());
      return EXIT_FAULT;
    } catch (IOException | UncheckedIOException | LadingException e) {
      err.println("The report cannot be made: " + e.getMessage());
      return EXIT_FAULT;
    }
  }

  private static int report(UsageOptions options, PrintStream out, PrintStream err)
      throws IOException {
    RobotList robots = RobotList.of(options.robots());
    try (UsageDatabase database = UsageDatabase.open(options.directory(), robots)) {
      LogReader logs = new LogReader(err);
      for (String file : options.files()) {
        logs.read(file, line -> database.add(line, options));
      }
      logs.summarize();
      database.merge(options);
      PrintWriter writer = new PrintWriter(out, false, StandardCharsets.UTF_8);
      database.print(options, writer);
      writer.flush();
      // A PrintWriter keeps what went wrong to itself: a full disk must not end with 0.
      if (writer.checkError() || out.checkError()) {
        throw new IOException("what was printed could not be written");
      }
      return 0;
    }
  }

  private static String usage() {
    return USAGE.formatted(
        Stream.of(Report.values())
            .map(report -> report.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", ", "", "; by default download")));
  }
}
