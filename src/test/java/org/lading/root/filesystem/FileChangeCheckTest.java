package org.lading.root.filesystem;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.root.ChangeCheck;
import org.lading.root.Item;
import org.lading.testing.RawFiles;

/** Many files looked at again by one check, which holds their directories open. */
@ParameterizedClass
@EnumSource(Way.class)
class FileChangeCheckTest {
  private static final Instant TIME = Instant.parse("2020-01-02T03:04:05.678Z");
  private static final int DIRECTORIES = 9;

  private final Path directory;
  private final Path outside;
  private final Way way;
  private final WatchedDisk disk;
  private final FilesystemRoot root;

  FileChangeCheckTest(Way way, @TempDir Path scratch) throws IOException {
    this.way = way;
    disk = new WatchedDisk(way);
    directory = Files.createDirectory(scratch.resolve("root")).toRealPath();
    outside = Files.createDirectory(scratch.resolve("outside"));
    root =
        new FilesystemRoot(
            new FilesystemRootSettings("r", directory, false, FilesystemRootSettings.Serve.DIRECT),
            disk);
  }

  @BeforeEach
  void make() throws IOException {
    for (int i = 0; i < DIRECTORIES; i++) {
      for (String name : List.of("a", "b", "\u00e9", "100%", ".hidden", "...")) {
        write(directory.resolve("d" + i + "/" + name));
      }
    }
    write(directory.resolve("top"));
  }

  @Test
  void filesOfManyDirectories_inAnyOrder_areUnchanged() {
    List<Item> items = items();
    assertThat(items).hasSize(DIRECTORIES * 6 + 1);
    try (ChangeCheck check = root.changeCheck()) {
      for (int step : new int[] {1, 6, 7, 23}) {
        for (int i = 0; i < items.size() * step; i += step) {
          assertThat(isUnchanged(check, items.get(i % items.size()))).isTrue();
        }
      }
    }
  }

  @Test
  void oneChangedFile_amongMany_isNoticedWhereverItIs() throws IOException {
    List<Item> items = items();
    Files.writeString(directory.resolve("d3/b"), "other");
    Files.setLastModifiedTime(directory.resolve("d5/a"), FileTime.from(TIME.plusMillis(1)));
    Files.delete(directory.resolve("d7/100%"));
    try (ChangeCheck check = root.changeCheck()) {
      assertThat(items.stream().filter(item -> !isUnchanged(check, item)).map(Item::name))
          .containsExactly("d3/b", "d5/a", "d7/100%");
    }
  }

  @Test
  void plainFiles_costOneLookAtTheirDirectory() {
    List<Item> items = items();
    disk.looks = 0;
    try (ChangeCheck check = root.changeCheck()) {
      items.stream()
          .filter(item -> !item.name().contains("%"))
          .forEach(item -> assertThat(isUnchanged(check, item)).isTrue());
    }
    assertThat(disk.looks).isLessThanOrEqualTo(DIRECTORIES + 2);
  }

  @Test
  void directoryThatBecameALinkOut_isNotFollowed() throws IOException {
    List<Item> items = items();
    Files.move(directory.resolve("d4"), outside.resolve("d4"));
    Files.createSymbolicLink(directory.resolve("d4"), outside.resolve("d4"));
    try (ChangeCheck check = root.changeCheck()) {
      for (Item item : items) {
        assertThat(isUnchanged(check, item)).isEqualTo(!item.name().startsWith("d4/"));
      }
    }
  }

  @Test
  void directoryThatBecameALinkInside_isFollowed() throws IOException {
    List<Item> items = items();
    Files.move(directory.resolve("d4"), directory.resolve("moved"));
    Files.createSymbolicLink(directory.resolve("d4"), Path.of("moved"));
    try (ChangeCheck check = root.changeCheck()) {
      assertThat(items).allMatch(item -> isUnchanged(check, item));
    }
  }

  @Test
  void fileThatBecameALinkOut_isNotFollowed() throws IOException {
    Files.move(directory.resolve("d4/a"), outside.resolve("a"));
    Files.createSymbolicLink(directory.resolve("d4/a"), outside.resolve("a"));
    try (ChangeCheck check = root.changeCheck()) {
      assertThat(check.isUnchanged("d4/b", 1, TIME)).isTrue();
      assertThat(check.isUnchanged("d4/a", 1, TIME)).isFalse();
      assertThat(check.isUnchanged("d4/b", 1, TIME)).isTrue();
    }
  }

  @Test
  void keyThatNoRootWouldHandOut_isRefused_alsoBesideAnOpenDirectory() throws IOException {
    write(outside.resolve("a"));
    String up = "../" + outside.getFileName();
    try (ChangeCheck check = root.changeCheck()) {
      for (String key :
          List.of(
              up + "/a",
              "d1/../d1/a",
              "d1/..",
              "d1/.",
              "d1/",
              "d1/%2e%2e/d1/a",
              "d1//a",
              "/top",
              "%",
              "",
              ".",
              "d1/a\0")) {
        assertThat(check.isUnchanged("d1/a", 1, TIME)).isTrue();
        assertThat(check.isUnchanged(key, 1, TIME)).as(key).isFalse();
      }
    }
  }

  @Test
  void fileWithoutItsDirectory_isNotLookedForInAnother() throws IOException {
    try (ChangeCheck check = root.changeCheck()) {
      assertThat(check.isUnchanged("d1/a", 1, TIME)).isTrue();
      assertThat(check.isUnchanged("none/a", 1, TIME)).isFalse();
      assertThat(check.isUnchanged("none/a", 1, TIME)).isFalse();
      assertThat(check.isUnchanged("d1/a/a", 1, TIME)).isFalse();
      assertThat(check.isUnchanged("d1/../a", 1, TIME)).isFalse();
      assertThat(check.isUnchanged("d1/../a", 1, TIME)).isFalse();
    }
  }

  @Test
  void fileThatCannotBeRead_isNoLongerWhatItWas() throws IOException {
    Files.setPosixFilePermissions(
        directory.resolve("d1/a"), PosixFilePermissions.fromString("rw-------"));
    try (ChangeCheck check = root.changeCheck()) {
      assertThat(check.isUnchanged("d1/a", 1, TIME)).isTrue();
      disk.unreadable.add(directory.resolve("d1/a"));
      assertThat(check.isUnchanged("d1/a", 1, TIME)).isFalse();
      assertThat(check.isUnchanged("d1/b", 1, TIME)).isTrue();
    }
  }

  @Test
  void rootThatVanishesMeanwhile_isUnavailable() throws IOException {
    try (ChangeCheck check = root.changeCheck()) {
      assertThat(check.isUnchanged("d1/a", 1, TIME)).isTrue();
      Files.move(directory, outside.resolve("root"));
      assertThatThrownBy(() -> check.isUnchanged("d2/a", 1, TIME))
          .isInstanceOfSatisfying(
              LadingException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_UNAVAILABLE));
    }
  }

  @Test
  void check_leavesNothingOpen() throws IOException {
    try (ChangeCheck check = root.changeCheck()) {
      items().forEach(item -> check.isUnchanged(item.key(), item.size(), item.modified()));
      assertThat(openBelowTheRoot() > 0).isEqualTo(way != Way.WHOLE_PATHS);
      assertThat(openBelowTheRoot()).isLessThanOrEqualTo(8);
    }
    assertThat(openBelowTheRoot()).isZero();
  }

  private long openBelowTheRoot() throws IOException {
    try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.filter(each -> target(each).startsWith(directory.toString())).count();
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException gone) {
      return "";
    }
  }

  private List<Item> items() {
    List<Item> items = new ArrayList<>();
    root.list("", true, items::add);
    return items;
  }

  private static boolean isUnchanged(ChangeCheck check, Item item) {
    return check.isUnchanged(item.key(), item.size(), item.modified());
  }

  private static void write(Path file) throws IOException {
    RawFiles.write(file, "x".getBytes(UTF_8));
    Files.setLastModifiedTime(file, FileTime.from(TIME));
  }

  /** The real disk, which counts how often whole paths are looked at. */
  private static final class WatchedDisk extends FileSystemCalls {
    final List<Path> unreadable = new ArrayList<>();
    int looks;

    WatchedDisk(Way way) {
      super(way.opener);
    }

    @Override
    FileStatus stat(DirectoryHandle parent, byte[] name) throws IOException {
      looks++;
      return super.stat(parent, name);
    }

    @Override
    boolean mayRead(DirectoryHandle parent, byte[] name) {
      return !unreadable.contains(parent.path(name));
    }
  }
}
