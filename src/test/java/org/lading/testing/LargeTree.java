package org.lading.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A directory tree of many small files, 1,000 a directory. */
public final class LargeTree {
  private static final int FILES_PER_DIRECTORY = 1000;

  private LargeTree() {}

  /** Makes {@code count} files of one byte below a new directory. */
  public static void make(Path directory, int count) throws IOException {
    make(directory, count, new byte[] {'x'});
  }

  /** As above, with another content for each. */
  public static void make(Path directory, int count, byte[] content) throws IOException {
    for (int i = 0; i < count; i++) {
      Files.write(file(directory, i), content);
    }
  }

  /** As above, but the files of one directory are links to one: quicker to make and to remove. */
  public static void makeLinked(Path directory, int count, byte[] content) throws IOException {
    Path first = directory;
    for (int i = 0; i < count; i++) {
      Path file = file(directory, i);
      if (i % FILES_PER_DIRECTORY == 0) {
        first = Files.write(file, content);
      } else {
        Files.createLink(file, first);
      }
    }
  }

  private static Path file(Path directory, int number) throws IOException {
    Path parent = directory.resolve("directory-%04d".formatted(number / FILES_PER_DIRECTORY));
    if (number % FILES_PER_DIRECTORY == 0) {
      Files.createDirectories(parent);
    }
    return parent.resolve("file-%07d.txt".formatted(number));
  }
}
