package org.lading.launch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the command line says of the server.
 *
 * @param config the settings file, or null: the application then looks where it does in a container
 * @param host the address on which it listens; one of this machine alone unless the user says else
 * @param port the port on which it listens, or 0 for any that is free
 * @param contextPath the path of the application: empty, or with a slash at its begin alone
 */
record ServerOptions(@Nullable Path config, String host, int port, String contextPath) {
  private static final ServerOptions DEFAULTS =
      new ServerOptions(null, "127.0.0.1", 8080, "/downloads");

  private static final int MAX_PORT = 65_535;

  /** What names an option and what it is, as the help says it. */
  static final String HELP =
      """
        --config FILE        the settings; without it, where the property lading.config, the variable
                             LADING_CONFIG, or /etc/lading/lading.yml has them
        --host ADDRESS       where it listens (127.0.0.1; 0.0.0.0 is all addresses of the machine)
        --port N             on which port it listens (8080; 0 is any that is free)
        --context-path PATH  the path of the application (/downloads)
      """;

  /**
   * Reads the arguments, each {@code --name VALUE} or {@code --name=VALUE}.
   *
   * @throws UsageException if one is unknown, has no value, has a wrong one, or comes twice
   */
  static ServerOptions of(List<String> arguments) throws UsageException {
    ServerOptions options = DEFAULTS;
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      int equals = argument.indexOf('=');
      String name = equals < 0 ? argument : argument.substring(0, equals);
      if (!seen.add(name)) {
        throw new UsageException(name + " is there twice");
      }
      boolean isFollowed = i + 1 < arguments.size() && !arguments.get(i + 1).startsWith("--");
      String value;
      if (equals >= 0) {
        value = argument.substring(equals + 1);
      } else if (isFollowed) {
        value = arguments.get(++i);
      } else {
        value = "";
      }
      options = options.with(name, value);
    }
    return options;
  }

  private ServerOptions with(String name, String value) throws UsageException {
    return switch (name) {
      case "--config" -> new ServerOptions(file(required(name, value)), host, port, contextPath);
      case "--host" -> new ServerOptions(config, required(name, value), port, contextPath);
      case "--port" -> new ServerOptions(config, host, portOf(required(name, value)), contextPath);
      case "--context-path" -> new ServerOptions(config, host, port, path(required(name, value)));
      default -> throw new UsageException("there is no option " + name);
    };
  }

  private static String required(String name, String value) throws UsageException {
    if (value.isEmpty()) {
      throw new UsageException(name + " needs a value");
    }
    return value;
  }

  private static Path file(String value) throws UsageException {
    Path file = Path.of(value).toAbsolutePath().normalize();
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new UsageException("--config: " + file + " is not a file that can be read");
    }
    return file;
  }

  private static int portOf(String value) throws UsageException {
    if (value.matches("[0-9]{1,5}") && Integer.parseInt(value) <= MAX_PORT) {
      return Integer.parseInt(value);
    }
    throw new UsageException("--port: " + value + " is not a number from 0 to " + MAX_PORT);
  }

  private static String path(String value) throws UsageException {
    if (value.equals("/")) {
      return "";
    }
    if (!value.matches("(/[A-Za-z0-9._~-]+)+")) {
      throw new UsageException(
          "--context-path: " + value + " is not a path such as /downloads, or /");
    }
    return value;
  }
}
