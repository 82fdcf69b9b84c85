package org.lading.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.testing.JavaProcess;

/** The temporary directories of several processes. */
class ProcessDirectoryTest {
  @TempDir Path parent;

  @Test
  void directory_ofAProcessThatWasKilled_isRemovedByTheNext_andThatOfARunningOneStays()
      throws Exception {
    JavaProcess killed = start();
    Path abandoned = directories().get(0);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(abandoned)))
        .isEqualTo("rwx------");
    Path strangers = Files.createDirectory(parent.resolve("lading-1"));
    killed.kill();

    JavaProcess running = start();
    assertThat(abandoned).doesNotExist();
    Path kept = directories().get(0);
    start().close();
    assertThat(kept.resolve("directory/file")).exists();
    running.close();
    assertThat(files()).containsExactly(strangers);
  }

  @Test
  void tree_thatIsRemovedTwiceAtOnce_isGone() throws Exception {
    Path tree = parent.resolve("tree");
    for (int i = 0; i < 20; i++) {
      Path within = Files.createDirectories(tree.resolve("directory" + i));
      for (int j = 0; j < 50; j++) {
        Files.writeString(within.resolve("file" + j), "");
      }
    }
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Callable<Void> removal =
          () -> {
            ProcessDirectory.removeTree(tree);
            return null;
          };
      for (Future<Void> ended : threads.invokeAll(List.of(removal, removal))) {
        ended.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(tree).doesNotExist();
  }

  private JavaProcess start() throws IOException {
    return JavaProcess.start(
        ProcessDirectoryTest.class, List.of(parent.toString()), parent.resolveSibling("log"));
  }

  private List<Path> directories() throws IOException {
    return files().stream()
        .filter(Files::isDirectory)
        .filter(file -> !file.endsWith("lading-1"))
        .toList();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(parent)) {
      return files.toList();
    }
  }

  /** A process with such a directory. */
  public static void main(String[] arguments) throws IOException {
    Path made = ProcessDirectory.make(Path.of(arguments[0]));
    Files.writeString(Files.createDirectory(made.resolve("directory")).resolve("file"), "x");
    JavaProcess.serve(0);
  }
}
