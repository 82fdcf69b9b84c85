package org.lading.root.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.root.Item;
import org.lading.root.Root;
import org.lading.root.filesystem.FilesystemRootSettings.Serve;
import org.lading.testing.NeedsProgram;

/** Files that change while they are read, or between being found and being opened. */
@ParameterizedClass
@EnumSource(Way.class)
class FilesystemContentTest {
  private static final int SIZE = 200_000;

  private final Path directory;
  private final Path file;
  private final Path outside;
  private final MeddlingDisk disk;
  private final Root root;
  private final Item item;

  FilesystemContentTest(Way way, @TempDir Path temporary) throws IOException {
    disk = new MeddlingDisk(way);
    Path real = temporary.toRealPath();
    directory = Files.createDirectories(real.resolve("root"));
    outside = Files.createDirectories(real.resolve("outside"));
    file = Files.createDirectories(directory.resolve("d")).resolve("f");
    Files.writeString(file, "o".repeat(SIZE));
    root =
        new FilesystemRoot(
            new FilesystemRootSettings("files", directory, false, Serve.LINKS), disk);
    item = root.file("d/f");
  }

  @AfterEach
  void noHandle_isLeftOpen() throws IOException {
    assertThat(openHandles()).isEmpty();
  }

  @Test
  void file_thatShrinksWhileRead_hasChanged() throws Exception {
    assertChangesWhileRead(() -> truncate(SIZE / 2));
  }

  @Test
  void file_thatGrowsWhileRead_hasChanged() throws Exception {
    assertChangesWhileRead(() -> Files.writeString(file, "more", StandardOpenOption.APPEND));
  }

  @Test
  void file_thatShrinksAndGrowsBackWhileRead_hasChanged() throws Exception {
    assertChangesWhileRead(
        () -> {
          truncate(10);
          Files.writeString(file, "n".repeat(SIZE - 10), StandardOpenOption.APPEND);
          makeOlder(file);
        });
  }

  @Test
  void file_thatIsOverwrittenWhileRead_hasChanged() throws Exception {
    assertChangesWhileRead(
        () -> {
          Files.writeString(file, "n".repeat(SIZE));
          makeOlder(file);
        });
  }

  @Test
  void file_thatIsReplacedWhileRead_hasChanged() throws Exception {
    assertChangesWhileRead(() -> replaceBy("n".repeat(SIZE)));
  }

  @Test
  void file_thatIsReplacedByOneOfItsTime_hasChanged() throws Exception {
    FileTime time = Files.getLastModifiedTime(file);
    assertChangesWhileRead(
        () -> {
          replaceBy("n".repeat(SIZE));
          Files.setLastModifiedTime(file, time);
        });
  }

  @Test
  void file_thatIsDeletedWhileRead_hasChanged() throws Exception {
    assertChangesWhileRead(() -> Files.delete(file));
  }

  @Test
  void file_behindALinkInside_isRead() throws Exception {
    Files.createSymbolicLink(directory.resolve("l"), Path.of("d/f"));
    Item link = root.file("l");

    try (InputStream in = root.open(link, 0)) {
      assertThat(in.readAllBytes()).hasSize(SIZE);
    }
  }

  @Test
  void stream_thatFailedAtItsEnd_failsAgain() throws Exception {
    try (InputStream in = root.open(item, SIZE - 1)) {
      makeOlder(file);
      assertChanged(in::read);
      assertChanged(in::read);
      assertChanged(in::readAllBytes);
    }
  }

  @Test
  void volume_unmountedWhileRead_isUnavailable() throws Exception {
    try (InputStream in = root.open(item, 0)) {
      Files.move(directory, outside.resolve("unmounted"));
      assertFails(in::readAllBytes, ErrorCode.STORAGE_UNAVAILABLE);
    } finally {
      Files.move(outside.resolve("unmounted"), directory);
    }
  }

  @Test
  void file_thatCannotBeReadAnyMore_hasChanged() throws Exception {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    disk.readable = false;

    assertChanged(() -> root.open(item, 0));
  }

  @Test
  void directory_thatBecomesALinkOut_isRefused() throws Exception {
    copyOutside();
    Files.move(directory.resolve("d"), outside.resolve("old"));
    Files.createSymbolicLink(directory.resolve("d"), outside);

    assertChanged(() -> root.open(item, 0));
  }

  @Test
  void file_thatBecomesALinkOut_isRefused() throws Exception {
    copyOutside();
    Files.delete(file);
    Files.createSymbolicLink(file, outside.resolve("f"));

    assertChanged(() -> root.open(item, 0));
  }

  @Test
  void linkOut_madeBetweenLookingAndOpening_isRefused() throws Exception {
    copyOutside();
    disk.afterStats.add(() -> {});
    disk.afterStats.add(
        () -> {
          Files.delete(file);
          Files.createSymbolicLink(file, outside.resolve("f"));
        });

    assertChanged(() -> root.open(item, 0));
    assertThat(disk.afterStats).isEmpty();
  }

  @Test
  void linkOutAbove_madeBetweenLookingAndOpening_isRefused() throws Exception {
    copyOutside();
    disk.afterStats.add(() -> {});
    disk.afterStats.add(
        () -> {
          Files.move(directory.resolve("d"), outside.resolve("old"));
          Files.createSymbolicLink(directory.resolve("d"), outside);
        });

    assertChanged(() -> root.open(item, 0));
    assertThat(disk.afterStats).isEmpty();
  }

  @Test
  void file_deletedBetweenLookingAndOpening_hasChanged() {
    disk.afterStats.add(() -> {});
    disk.afterStats.add(() -> Files.delete(file));

    assertChanged(() -> root.open(item, 0));
  }

  @NeedsProgram("mkfifo")
  @Test
  @Timeout(20)
  void pipe_inPlaceOfAFile_isNotWaitedFor() throws Exception {
    Files.delete(file);
    assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor()).isZero();

    assertChanged(() -> root.open(item, 0));
  }

  @Test
  void key_thatNoRootWouldHandOut_isRefused() {
    for (String key : List.of("../outside/f", "/d/f", "d//f", "%", "d")) {
      Item strange = new Item(Item.Kind.FILE, "f", key, SIZE, item.modified(), null);
      assertChanged(() -> root.open(strange, 0));
    }
  }

  @Test
  void position_outsideTheFile_isRefused() {
    for (long position : List.of(-1L, SIZE + 1L, Long.MAX_VALUE)) {
      assertThatThrownBy(() -> root.open(item, position))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void reader_thatIsInterrupted_ends() throws Exception {
    try (InputStream in = root.open(item, 0)) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(in::read).isInstanceOf(ClosedByInterruptException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void handle_isHeldOnlyUntilClose() throws Exception {
    try (InputStream in = root.open(item, 0)) {
      assertThat(openHandles()).hasSize(1);
      assertThat(in.read()).isEqualTo('o');
    }
    assertThat(openHandles()).isEmpty();
  }

  private void assertChangesWhileRead(Action change) throws Exception {
    try (InputStream in = root.open(item, 0)) {
      assertThat(in.readNBytes(100)).containsOnly('o');
      change.run();
      assertChanged(in::readAllBytes);
      assertChanged(in::readAllBytes);
    }
    assertThat(openHandles()).isEmpty();
  }

  private void truncate(long size) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(size);
    }
  }

  private void replaceBy(String content) throws IOException {
    Path other = Files.writeString(directory.resolve("other"), content);
    makeOlder(other);
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private void copyOutside() throws IOException {
    Path copy = Files.writeString(outside.resolve("f"), "s".repeat(SIZE));
    Files.setLastModifiedTime(copy, Files.getLastModifiedTime(file));
  }

  /** A write in the same tick of the clock as the file's making would not show otherwise. */
  private void makeOlder(Path path) throws IOException {
    Files.setLastModifiedTime(path, FileTime.from(item.modified().minusSeconds(60)));
  }

  /** The files below the test's directory that this process has open. */
  private List<Path> openHandles() throws IOException {
    try (Stream<Path> handles = Files.list(Path.of("/proc/self/fd"))) {
      return handles
          .map(FilesystemContentTest::target)
          .filter(path -> path.startsWith(directory.getParent()))
          .toList();
    }
  }

  private static Path target(Path handle) {
    try {
      return Files.readSymbolicLink(handle);
    } catch (NoSuchFileException e) {
      // Closed since, as that of the listing itself.
      return handle;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void assertChanged(ThrowingCallable call) {
    assertFails(call, ErrorCode.CHANGED);
  }

  private static void assertFails(ThrowingCallable call, ErrorCode code) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            LadingException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.sentence()).doesNotContain("/");
            });
  }

  @Test
  void contentOfAnotherLengthThanAskedFor_isRefused() throws Exception {
    try (DirectoryHandle parent = disk.open(file.getParent())) {
      byte[] name = {'f'};
      FileStatus status = parent.stat(name);
      for (int length : new int[] {0, 1, SIZE - 1, SIZE + 1, 2 * SIZE}) {
        assertThatThrownBy(() -> parent.readFully(name, status, new byte[length]))
            .as("%s bytes", length)
            .isInstanceOf(WrongSizeException.class)
            .hasMessageContaining(length < SIZE ? "more" : "fewer");
      }
      byte[] all = new byte[SIZE];
      parent.readFully(name, status, all);
      assertThat(all).containsOnly('o');
    }
  }

  @Test
  void emptyFile_thatIsWrittenToAfterTheLookAtIt_isTakenAsItIsThen() throws Exception {
    truncate(0);
    disk.afterStats.add(() -> {});
    disk.afterStats.add(() -> Files.writeString(file, "first line"));

    assertThat(root.file("d/f").size()).isEqualTo("first line".length());

    truncate(0);
    assertThat(root.file("d/f").size()).isZero();
  }

  @FunctionalInterface
  private interface Action {
    void run() throws IOException;
  }

  /** The real disk, on which something happens after a look at a file. */
  private static final class MeddlingDisk extends FileSystemCalls {
    final Deque<Action> afterStats = new ArrayDeque<>();
    boolean readable = true;

    MeddlingDisk(Way way) {
      super(way.opener);
    }

    @Override
    FileStatus stat(DirectoryHandle parent, byte[] name) throws IOException {
      FileStatus status = super.stat(parent, name);
      if (!afterStats.isEmpty()) {
        afterStats.remove().run();
      }
      return status;
    }

    @Override
    boolean mayRead(DirectoryHandle parent, byte[] name) {
      return readable;
    }
  }
}
