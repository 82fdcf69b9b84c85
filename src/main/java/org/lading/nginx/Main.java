package org.lading.nginx;

import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.lading.config.ConfigurationException;
import org.lading.config.ConfigurationLoader;

/** Prints the nginx configuration for a Lading configuration file. */
public final class Main {
  private static final String USAGE =
      "usage: java org.lading.nginx.Main [--plain] [--app http://127.0.0.1:8080]"
          + " [--listen 80] [--files-listen 127.0.0.1:8081] [--context-path /downloads]"
          + " [--ca-file FILE] FILE";
  private static final int EXIT_FAULTS = 1;
  private static final int EXIT_USAGE = 2;

  private Main() {}

  /** Prints the configuration; exits with 0, or 1 for faults in the file, 2 for wrong arguments. */
  public static void main(String[] arguments) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.exit(run(List.of(arguments), System.getenv(), out, System.err));
  }

  /** Does what {@link #main} does, and returns the exit code. */
  static int run(
      List<String> arguments, Map<String, String> environment, PrintStream out, PrintStream err) {
    NginxOptions options = NginxOptions.DEFAULTS;
    Deque<String> rest = new ArrayDeque<>(arguments);
    Path file = null;
    try {
      while (!rest.isEmpty()) {
        String argument = rest.remove();
        if (!argument.startsWith("--") && file == null) {
          file = Path.of(argument);
        } else {
          options = option(options, argument, rest);
        }
      }
    } catch (IllegalArgumentException e) {
      err.println(e.getMessage());
      file = null;
    }
    if (file == null) {
      err.println(USAGE);
      return EXIT_USAGE;
    }
    return print(file, environment, options, out, err);
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

  private static NginxOptions option(NginxOptions o, String name, Deque<String> rest) {
    if (name.equals("--plain")) {
      return o.withExact(false);
    }
    return switch (name) {
      case "--app" -> o.withApplication(uris(value(name, rest.poll())));
      case "--listen" -> o.withListen(value(name, rest.poll()), o.filesListen());
      case "--files-listen" -> o.withListen(o.publicListen(), value(name, rest.poll()));
      case "--context-path" -> o.withContextPath(value(name, rest.poll()));
      case "--ca-file" -> o.withTrustedCertificates(value(name, rest.poll()));
      default -> throw new IllegalArgumentException("unknown argument: " + name);
    };
  }

  private static URI[] uris(String list) {
    return Stream.of(list.split(",", -1)).map(URI::create).toArray(URI[]::new);
  }

  private static String value(String option, @Nullable String value) {
    if (value == null) {
      throw new IllegalArgumentException(option + " needs a value");
    }
    return value;
  }
}
