package org.lading.root.filesystem;

import static org.lading.testing.SecondLook.isUnchanged;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.lading.root.Item;
import org.lading.root.Root;
import org.lading.root.filesystem.FilesystemRootSettings.Serve;

/** A main program that says, in UTF-8, what a root sees in the locale it was started in. */
public final class LocaleProbe {
  /** Files the probe asks for by path. */
  static final List<String> REQUESTED =
      List.of("plain", "caf\u00e9", "\u4e2d \ud83d\ude00/\u00e9?", "100%", "\ufffd");

  private LocaleProbe() {}

  /** Prints the report on the directory named by the first argument. */
  public static void main(String[] arguments) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    report(Path.of(arguments[0])).forEach(out::println);
  }

  static List<String> report(Path directory) {
    List<String> lines = new ArrayList<>();
    lines.add("encoding " + System.getProperty("sun.jnu.encoding"));
    for (Way way : Way.values()) {
      report(
          new FilesystemRoot(
              new FilesystemRootSettings("probe", directory, false, Serve.LINKS),
              new FileSystemCalls(way.opener)),
          lines);
    }
    return lines;
  }

  private static void report(Root root, List<String> lines) {
    root.list(
        "",
        true,
        item -> {
          lines.add("name " + item.name() + " key " + item.key() + " " + item.size());
          lines.add(served(root, item));
        });
    for (String path : REQUESTED) {
      lines.add("asked " + path + " " + root.file(path).size());
    }
  }

  private static String served(Root root, Item item) {
    Path target = Objects.requireNonNull(item.linkTarget());
    boolean same = isUnchanged(root, item);
    return "served " + target.toUri().getRawPath() + " " + same;
  }
}
