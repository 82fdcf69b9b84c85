package org.lading.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The repository's Markdown documents and other files, read from its root directory. */
public final class Documents {
  private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");
  private static final Pattern CELLS = Pattern.compile(" *\\| *");

  private Documents() {}

  /** Every document, by its path below the repository's root. */
  public static List<Path> all() {
    return files().stream().filter(file -> file.toString().endsWith(".md")).toList();
  }

  /** Every file of the repository but what Git and the build made. */
  public static List<Path> files() {
    try (Stream<Path> files = Files.walk(Path.of(""))) {
      return files
          .filter(file -> !file.startsWith("target") && !file.startsWith(".git"))
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The text of a file. */
  public static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The text of a file without its blocks of code. */
  public static String prose(Path document) {
    return text(document).replaceAll("(?ms)^```.*?^```$", "").replaceAll("(?m)^ {4,}.*$", "");
  }

  /** What stands in a document between two texts, of which the first is there only once. */
  public static String between(String document, String from, String to) {
    String text = text(Path.of(document));
    assertThat(text).containsOnlyOnce(from);
    int start = text.indexOf(from) + from.length();
    int end = text.indexOf(to, start);
    assertThat(end).as(to).isPositive();
    return text.substring(start, end);
  }

  /** The first table that follows a text in a document, which is there only once: its rows. */
  public static List<List<String>> table(String document, String from) {
    List<String> lines =
        afterLine(document, from)
            .lines()
            .dropWhile(line -> !line.startsWith("|"))
            .takeWhile(line -> line.startsWith("|"))
            .toList();
    assertThat(lines).as("the table after %s in %s", from, document).hasSizeGreaterThan(2);
    return lines.stream()
        .skip(2)
        .map(line -> List.of(CELLS.split(line.replaceAll("^\\| *| *\\|$", ""), -1)))
        .toList();
  }

  /** The second cell of each row of a table, by the code in the first one. */
  public static Map<String, String> byCode(List<List<String>> rows) {
    Map<String, String> cells = new TreeMap<>();
    for (List<String> row : rows) {
      code(row.get(0)).forEach(name -> cells.put(name, row.get(1)));
    }
    return cells;
  }

  /** What stands in a text between backticks. */
  public static Set<String> code(String text) {
    Set<String> code = new TreeSet<>();
    CODE.matcher(text).results().forEach(match -> code.add(match.group(1)));
    return code;
  }

  private static String afterLine(String document, String from) {
    String text = text(Path.of(document));
    assertThat(text).containsOnlyOnce(from);
    return text.substring(text.indexOf('\n', text.indexOf(from)) + 1);
  }
}
