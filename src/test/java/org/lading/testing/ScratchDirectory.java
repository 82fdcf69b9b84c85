package org.lading.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A temporary directory for a benchmark; all that lies in it goes when it is closed. */
public final class ScratchDirectory implements AutoCloseable {
  private final Path path;

  /** Makes an empty one. */
  public ScratchDirectory() throws IOException {
    path = Files.createTempDirectory("lading-benchmark");
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> all = Files.walk(path)) {
      for (Path each : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(each);
      }
    }
  }
}
