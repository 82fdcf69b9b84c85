package org.lading.benchmark;

import java.util.ArrayList;
import java.util.List;

/** A table as Markdown has it, for what benchmarks print. */
public final class MarkdownTable {
  private final List<String> lines = new ArrayList<>();

  /** A table with these columns. */
  public MarkdownTable(String... columns) {
    row((Object[]) columns);
    lines.add("|" + "---|".repeat(columns.length));
  }

  /** Adds a row. */
  public MarkdownTable row(Object... cells) {
    StringBuilder line = new StringBuilder("|");
    for (Object cell : cells) {
      line.append(' ').append(cell).append(" |");
    }
    lines.add(line.toString());
    return this;
  }

  /** Prints it on the standard output, under a line of text. */
  public void print(String title) {
    System.out.printf("%n%s%n%n%s%n", title, this);
  }

  @Override
  public String toString() {
    return String.join("\n", lines);
  }
}
