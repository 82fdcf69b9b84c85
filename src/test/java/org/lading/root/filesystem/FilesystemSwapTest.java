package org.lading.root.filesystem;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lading.error.LadingException;
import org.lading.root.Item;
import org.lading.root.Root;
import org.lading.testing.NeedsProgram;
import org.lading.testing.Swapper;

/**
 * Calls of a root whose directory is swapped for a link out of it all the while. What lies outside
 * has the same names, sizes and times, and other bytes; a name more, and a file of another size.
 */
class FilesystemSwapTest {
  private static final int CALLS = 1000;
  private static final int SWAP_MICROS = 25;
  private static final FileTime TIME = FileTime.fromMillis(1_700_000_000_000L);
  private static final byte[] INSIDE = {1, 1, 1};
  private static final byte[] OUTSIDE = {2, 2, 2};

  @TempDir Path scratch;
  private Path directory;
  private Path link;

  @BeforeEach
  void make() throws IOException {
    directory = Files.createDirectories(scratch.resolve("root/d"));
    Path outside = Files.createDirectories(scratch.resolve("outside"));
    write(directory.resolve("f"), INSIDE);
    write(directory.resolve("size"), INSIDE);
    write(outside.resolve("f"), OUTSIDE);
    write(outside.resolve("size"), new byte[7]);
    write(outside.resolve("secret"), OUTSIDE);
    link = Files.createSymbolicLink(scratch.resolve("root/link"), outside);
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    Files.setLastModifiedTime(Files.write(file, bytes), TIME);
  }

  private Root root(Way way) {
    return new FilesystemRoot(
        new FilesystemRootSettings(
            "r", scratch.resolve("root"), false, FilesystemRootSettings.Serve.LINKS),
        new FileSystemCalls(way.opener));
  }

  @ParameterizedTest
  @EnumSource(names = {"OPENAT2", "SECURE_DIRECTORY"})
  void nothingFromOutside_isReadListedOrLinked(Way way) throws IOException {
    Root root = root(way);
    Item item = root.file("d/f");
    int good = 0;
    try (Swapper swapper = new Swapper(directory, link, SWAP_MICROS)) {
      for (int i = 0; i < CALLS; i++) {
        good += opened(root, item) + readWithOthers(root, item) + listed(root) + found(root);
      }
      assertThat(swapper.swaps()).isGreaterThan(CALLS / 10);
    }
    assertThat(good).isGreaterThan(CALLS / 10);
  }

  private static int opened(Root root, Item item) {
    try (InputStream in = root.open(item, 0)) {
      assertThat(in.read()).isEqualTo(1);
      assertThat(in.readAllBytes()).containsExactly(1, 1);
      return 1;
    } catch (IOException | LadingException changed) {
      return 0;
    }
  }

  private static int readWithOthers(Root root, Item item) {
    try {
      assertThat(root.read(List.of(item, item))[1]).isEqualTo(INSIDE);
      return 1;
    } catch (IOException | LadingException changed) {
      return 0;
    }
  }

  private int listed(Root root) throws IOException {
    List<Item> items = new ArrayList<>();
    int complete = 1;
    try {
      root.list("d", true, items::add);
    } catch (LadingException refused) {
      complete = 0;
    }
    for (Item item : items) {
      assertInside(item);
    }
    return complete;
  }

  private int found(Root root) throws IOException {
    try {
      assertInside(root.file("d/size"));
      return 1;
    } catch (LadingException refused) {
      return 0;
    }
  }

  private void assertInside(Item item) throws IOException {
    assertThat(item.name()).isIn("f", "size");
    assertThat(item.size()).isEqualTo(INSIDE.length);
    assertThat(Objects.requireNonNull(item.linkTarget()).getParent().getParent())
        .isEqualTo(scratch.toRealPath().resolve("root"));
  }

  @ParameterizedTest
  @EnumSource(names = {"OPENAT2", "SECURE_DIRECTORY"})
  void nameThatIsOnlyOutside_isNeverFound(Way way) {
    Root root = root(way);
    try (Swapper swapper = new Swapper(directory, link, SWAP_MICROS)) {
      for (int i = 0; i < CALLS; i++) {
        assertThat(isFound(root)).isFalse();
      }
      assertThat(swapper.swaps()).isGreaterThan(CALLS / 10);
    }
  }

  private static boolean isFound(Root root) {
    try {
      root.file("d/secret");
      return true;
    } catch (LadingException refused) {
      return false;
    }
  }

  @NeedsProgram("mkfifo")
  @Test
  @Timeout(30)
  void pipeSwappedForAFile_isNotWaitedFor() throws Exception {
    Path pipe = scratch.resolve("root/pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Root root = root(Way.OPENAT2);
    Item item = root.file("d/f");
    int good = 0;
    try (Swapper swapper = new Swapper(directory.resolve("f"), pipe, SWAP_MICROS)) {
      for (int i = 0; i < CALLS; i++) {
        good += opened(root, item) + readWithOthers(root, item);
      }
      assertThat(swapper.swaps()).isGreaterThan(CALLS / 10);
    }
    assertThat(good).isPositive();
  }

  @NeedsProgram("mkfifo")
  @ParameterizedTest
  @EnumSource(names = {"OPENAT2", "SECURE_DIRECTORY"})
  @Timeout(30)
  void pipeSwappedForADirectory_isNotWaitedFor(Way way) throws Exception {
    Path pipe = scratch.resolve("root/pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Root root = root(way);
    Item item = root.file("d/f");
    int good = 0;
    try (Swapper swapper = new Swapper(directory, pipe, SWAP_MICROS)) {
      for (int i = 0; i < CALLS; i++) {
        good += opened(root, item) + readWithOthers(root, item) + listed(root);
      }
      assertThat(swapper.swaps()).isGreaterThan(CALLS / 10);
    }
    assertThat(good).isPositive();
  }
}
