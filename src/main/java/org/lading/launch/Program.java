package org.lading.launch;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A program of the application besides the server.
 *
 * @param mainClass the name of its class
 * @param beforeArguments its first arguments, which those of the command line follow
 */
record Program(String mainClass, List<String> beforeArguments) {
  private static final String BACKUP = "org.lading.backup.Main";

  private static final Map<String, Program> PROGRAMS =
      new TreeMap<>(
          Map.of(
              "check", new Program("org.lading.config.Main", List.of("--check")),
              "nginx", new Program("org.lading.nginx.Main", List.of()),
              "usage", new Program("org.lading.usage.Main", List.of()),
              "backup", new Program(BACKUP, List.of("backup")),
              "restore", new Program(BACKUP, List.of("restore")),
              "export", new Program(BACKUP, List.of("export")),
              "import", new Program(BACKUP, List.of("import"))));

  /** What each program is for, as the help says it. */
  static final String HELP =
      """
        backup TO                  copies the embedded database and what belongs to it
        restore FROM               puts such a copy where nothing is
        export TO                  writes all tables of either database
        import FROM                puts them into an empty one
        check FILE [ --explain ]   what is wrong with settings, and what they mean
        nginx OPTIONS FILE         the configuration of nginx for them
        usage OPTIONS LOG...       what was delivered, by the audit logs
      Each has more options: PROGRAM --help.
      """;

  /**
   * Returns the program with this name.
   *
   * @throws UsageException if there is none
   */
  static Program named(String name) throws UsageException {
    Program program = PROGRAMS.get(name);
    if (program == null) {
      throw new UsageException(
          "there is no program " + name + ", but " + String.join(", ", names()));
    }
    return program;
  }

  /** Returns the names of all programs, in order. */
  static List<String> names() {
    return List.copyOf(PROGRAMS.keySet());
  }

  /** Returns the arguments of its class, which knows its help by the long name alone. */
  String[] arguments(List<String> ofCommandLine) {
    boolean isHelp = !ofCommandLine.isEmpty() && ofCommandLine.get(0).equals("-h");
    List<String> own = isHelp ? List.of("--help") : ofCommandLine;
    return Stream.concat(beforeArguments.stream(), own.stream()).toArray(String[]::new);
  }
}
