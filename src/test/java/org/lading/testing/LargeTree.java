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
    byte[] content = {'x'};
    for (int i = 0; i < count; i++) {
      Path parent = directory.resolve("directory-%04d".formatted(i / FILES_PER_DIRECTORY));
      if (i % FILES_PER_DIRECTORY == 0) {
        Files.createDirectories(parent);
      }
      Files.write(parent.resolve("file-%07d.txt".formatted(i)), content);
    }
  }
}
