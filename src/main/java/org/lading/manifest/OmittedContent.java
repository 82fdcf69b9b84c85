package org.lading.manifest;

import org.lading.error.LadingException;

/** The text that tells whoever unpacks an archive what it leaves out, and why. */
final class OmittedContent {
  /** The name of the text in the archive; a number is added where content has it. */
  static final String NAME = "NOT INCLUDED.txt";

  /** The length in characters from which on what is left out is only counted. */
  private static final int MAX_LENGTH = 1 << 20;

  private final StringBuilder lines = new StringBuilder();
  private long count;
  private long listed;

  /** Adds something that cannot be delivered. */
  void add(LadingException why) {
    count++;
    if (lines.length() < MAX_LENGTH) {
      listed++;
      lines.append(why.sentence()).append('\n');
    }
  }

  /** Returns the number of what is left out. */
  long count() {
    return count;
  }

  /** Returns the text: a line for each, in the order of the archive. */
  String text() {
    String head = "This archive does not have everything that it was made of:\n\n";
    return count == listed ? head + lines : head + lines + "and " + (count - listed) + " more\n";
  }
}
