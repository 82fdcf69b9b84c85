package org.lading.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Prints, at the end of a build, the tests that were left out for want of a program. */
public final class TestsNotRun {
  private TestsNotRun() {}

  /**
   * Prints what the file says in which {@link Programs} records them; nothing where there is none.
   */
  public static void main(String[] arguments) throws IOException {
    Path record = Path.of(arguments[0]);
    if (Files.exists(record)) {
      System.out.print(text(Files.readAllLines(record)));
    }
  }

  /**
   * The block that is printed.
   *
   * @param lines a test and the programs it misses, with spaces between
   */
  static String text(List<String> lines) {
    TreeMap<String, String> programs = new TreeMap<>();
    for (String line : lines) {
      String[] words = line.split(" ", 2);
      programs.put(words[0], words[1]);
    }
    List<String> missing =
        List.copyOf(
            programs.values().stream()
                .flatMap(words -> Stream.of(words.split(" ")))
                .collect(Collectors.toCollection(TreeSet::new)));
    String tests =
        programs.entrySet().stream()
            .map(test -> "  %s (%s)%n".formatted(test.getKey(), test.getValue()))
            .collect(Collectors.joining());
    return """

        NOT RUN, since these programs are missing here: %s
        %s
        On Debian these packages bring them: apt-get install %s
        With -Dtools=required these tests fail instead.%s%s

        """
        .formatted(
            String.join(", ", missing),
            tests,
            String.join(" ", Programs.packages(missing)),
            missing.contains(Programs.UNSHARE)
                ? "\nThose that need unshare run as any user but root, too."
                : "",
            missing.stream().anyMatch(program -> program.startsWith(Programs.NPM + ":"))
                ? "\nOf npm:NAME, npm install NAME brings the library; NODE_PATH says where it is."
                : "");
  }
}
