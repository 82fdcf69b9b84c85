package org.lading.launch;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;

/**
 * Starts the server, or a program of the application, from the WAR itself. It needs nothing but the
 * JDK: what it starts comes from a copy of the WAR's files, and is not disturbed when another WAR
 * takes the place of this one.
 */
public final class Main {
  private static final int EXIT_FAILURE = 1;
  private static final int EXIT_USAGE = 2;

  private static final String USAGE =
      """
      usage: java -jar downloads.war [ OPTIONS ]
             java -jar downloads.war PROGRAM ARGUMENTS

      Serves downloads until it is told to stop (SIGTERM, Ctrl-C). Options, and what they are by default:
      %s  --version            prints the version
        --help               prints this

      Programs:
      %s"""
          .formatted(ServerOptions.HELP, Program.HELP);

  private Main() {}

  /** Does so. Exits with 2 for wrong arguments, and with 1 if it cannot start. */
  public static void main(String[] arguments) throws Throwable {
    try {
      run(List.of(arguments));
    } catch (UsageException e) {
      System.err.println(e.getMessage() + " (--help tells more)");
      System.exit(EXIT_USAGE);
    } catch (IOException e) {
      System.err.println("The WAR cannot be unpacked: " + e);
      System.exit(EXIT_FAILURE);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static void run(List<String> arguments)
      throws UsageException, IOException, ReflectiveOperationException, URISyntaxException {
    String first = arguments.isEmpty() ? "" : arguments.get(0);
    if (first.equals("--help") || first.equals("-h")) {
      System.out.print(USAGE);
    } else if (first.equals("--version")) {
      System.out.println("Lading " + Main.class.getPackage().getImplementationVersion());
    } else if (first.isEmpty() || first.startsWith("-")) {
      ServerOptions options = ServerOptions.of(arguments);
      if (options.config() != null) {
        System.setProperty("lading.config", options.config().toString());
      }
      UnpackedWar war = UnpackedWar.of(file());
      call(
          war.serverClasses(),
          "org.lading.launch.WebServer",
          war.directory().toString(),
          options.host(),
          Integer.toString(options.port()),
          options.contextPath());
    } else {
      Program program = Program.named(first);
      call(
          UnpackedWar.of(file()).applicationClasses(),
          program.mainClass(),
          program.arguments(arguments.subList(1, arguments.size())));
    }
  }

  private static void call(ClassLoader classes, String mainClass, String... arguments)
      throws ReflectiveOperationException {
    Thread.currentThread().setContextClassLoader(classes);
    Class.forName(mainClass, true, classes)
        .getMethod("main", String[].class)
        .invoke(null, (Object) arguments);
  }

  /** Returns the WAR, from which this class was loaded. */
  private static Path file() throws URISyntaxException, UsageException {
    CodeSource source = Main.class.getProtectionDomain().getCodeSource();
    Path file = source == null ? null : Path.of(source.getLocation().toURI());
    if (file == null || !Files.isRegularFile(file)) {
      throw new UsageException("this runs from a WAR alone: java -jar downloads.war");
    }
    return file;
  }
}
