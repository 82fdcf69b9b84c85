package org.lading.root.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lading.testing.SecondLook.isUnchanged;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.root.Item;
import org.lading.root.Root;
import org.lading.root.filesystem.FilesystemRootSettings.Serve;
import org.lading.testing.RawFiles;

/** Disks that refuse, fail and change under the walk; the same for any user, root included. */
@ParameterizedClass
@EnumSource(Way.class)
class FilesystemFaultsTest {
  private final Path directory;
  private final FaultyDisk disk;
  private final Root root;

  FilesystemFaultsTest(Way way, @TempDir Path directory) throws IOException {
    disk = new FaultyDisk(way);
    this.directory = directory.toRealPath();
    this.root =
        new FilesystemRoot(
            new FilesystemRootSettings("faulty", this.directory, false, Serve.LINKS), disk);
    for (String name : List.of("a/1", "a/2", "b/1", "c")) {
      RawFiles.write(this.directory.resolve(name), new byte[] {1});
      mode(name, "rw-r--r--");
    }
  }

  @Test
  void file_thatEveryoneMayRead_isNotAskedAbout() {
    disk.unreadable.add(at("a/1"));

    assertThat(root.file("a/1").size()).isEqualTo(1);
    assertThat(names("", true)).hasSize(4);
    assertThat(disk.asked).isEmpty();
  }

  @Test
  void file_thatNotEveryoneMayRead_isAskedAbout() throws IOException {
    for (String mode : List.of("rw-r-----", "rw----r--", "---r--r--", "---------")) {
      mode("a/1", mode);
      disk.asked.clear();
      disk.unreadable.clear();
      Item item = root.file("a/1");
      assertThat(disk.asked).containsExactly(at("a/1"));
      assertThat(names("a", false)).containsExactly("1", "2");

      disk.unreadable.add(at("a/1"));
      assertRefused(() -> root.file("a/1"), "Cannot be read: a/1");
      assertRefused(() -> names("", true), "Cannot be read: a/1");
      assertRefused(() -> names("a", false), "Cannot be read: a/1");
      assertThat(isUnchanged(root, "a/1", item.size(), item.modified())).isFalse();
    }
  }

  @Test
  void linkedFile_thatNotEveryoneMayRead_isAskedAboutWhereItIs() throws IOException {
    mode("a/1", "rw-------");
    Files.createSymbolicLink(at("l"), Path.of("a/1"));
    disk.unreadable.add(at("a/1"));

    assertRefused(() -> root.file("l"), "Cannot be read: l");
    assertRefused(() -> names("", false), "Cannot be read: l");
  }

  @Test
  void subdirectory_thatCannotBeRead_failsTheListing() {
    disk.listFaults.put(at("a"), new AccessDeniedException("denied"));

    assertRefused(() -> names("", true), "Cannot be read: a");
    assertRefused(() -> names("a", false), "Cannot be read: a");
    assertThat(names("", false)).containsExactly("c");
  }

  @Test
  void file_thatCannotBeLookedAt_failsTheListing() {
    disk.statFaults.put(at("a/2"), new FileSystemException("a/2", null, "Input/output error"));

    assertRefused(() -> names("", true), "Cannot be read: a/2");
    assertRefused(() -> root.file("a/2"), "Cannot be read: a/2");
    assertThat(names("b", true)).containsExactly("1");
  }

  @Test
  void file_thatVanishesWhileListing_isLeftOut() {
    disk.statFaults.put(at("a/1"), new NoSuchFileException("a/1"));

    assertThat(names("", true)).containsExactly("a/2", "b/1", "c");
    assertThat(names("a", false)).containsExactly("2");
  }

  @Test
  void directory_thatVanishesWhileListing_isLeftOut() {
    disk.listFaults.put(at("a"), new NoSuchFileException("a"));
    assertThat(names("", true)).containsExactly("b/1", "c");

    disk.listFaults.put(at("a"), new NotDirectoryException("a"));
    assertThat(names("", true)).containsExactly("b/1", "c");
  }

  @Test
  void link_thatVanishesWhileListing_isLeftOut() throws IOException {
    Path link = Files.createSymbolicLink(at("l"), Path.of("c"));
    disk.afterStat.put(link, () -> delete(link));

    assertThat(names("", false)).containsExactly("c");
  }

  @Test
  void target_thatVanishesBehindItsLink_isABrokenLink() throws IOException {
    Files.createSymbolicLink(at("l"), Path.of("a/1"));
    disk.statFaults.put(at("a/1"), new NoSuchFileException("a/1"));

    assertRefused(
        () -> names("", false), "Behind a link that is broken or leads out of the root: l");
  }

  @Test
  void directory_thatIsListed_mayVanish() {
    disk.listFaults.put(at("a"), new NoSuchFileException("a"));

    assertRefused(() -> names("a", true), "Not found: a");
  }

  @Test
  void volume_unmountedWhileListing_isUnavailable() throws IOException {
    Path elsewhere = directory.resolveSibling(directory.getFileName() + "-unmounted");
    disk.afterList.put(
        at("a"),
        () -> {
          rename(directory, elsewhere);
          RawFiles.makeDirectories(directory);
        });

    assertUnavailable(() -> names("", true));

    disk.afterList.clear();
    Files.delete(directory);
    rename(elsewhere, directory);
    assertThat(names("", true)).hasSize(4);
  }

  @Test
  void rootDirectory_goneWhileListing_isUnavailable() {
    Path elsewhere = directory.resolveSibling(directory.getFileName() + "-gone");
    disk.afterList.put(at("a"), () -> rename(directory, elsewhere));

    assertUnavailable(() -> names("", true));

    rename(elsewhere, directory);
  }

  @Test
  void rootDirectory_thatCannotBeRead_isUnavailable() {
    disk.listFaults.put(directory, new AccessDeniedException(directory.toString()));

    assertUnavailable(root::check);
  }

  private Path at(String relative) {
    return directory.resolve(relative);
  }

  private void mode(String name, String mode) throws IOException {
    Files.setPosixFilePermissions(at(name), PosixFilePermissions.fromString(mode));
  }

  private List<String> names(String path, boolean recursive) {
    List<String> names = new ArrayList<>();
    root.list(path, recursive, item -> names.add(item.name()));
    return names;
  }

  private static void assertRefused(ThrowingCallable call, String sentence) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            LadingException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.MISSING_OR_INVALID_TARGET))
        .hasMessage(sentence);
  }

  private static void assertUnavailable(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            LadingException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_UNAVAILABLE))
        .hasMessage("Root faulty cannot be read");
  }

  private static void rename(Path from, Path to) {
    try {
      Files.move(from, to);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void delete(Path path) {
    try {
      Files.delete(path);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The real disk, except where a test says otherwise. */
  private static final class FaultyDisk extends FileSystemCalls {
    final Map<Path, IOException> statFaults = new HashMap<>();
    final Map<Path, IOException> listFaults = new HashMap<>();
    final Map<Path, Runnable> afterStat = new HashMap<>();
    final Map<Path, Runnable> afterList = new HashMap<>();
    final Set<Path> unreadable = new HashSet<>();
    final List<Path> asked = new ArrayList<>();

    FaultyDisk(Way way) {
      super(way.opener);
    }

    @Override
    FileStatus stat(DirectoryHandle parent, byte[] name) throws IOException {
      Path path = parent.path(name);
      failIf(statFaults.get(path));
      FileStatus status = super.stat(parent, name);
      afterStat.getOrDefault(path, () -> {}).run();
      return status;
    }

    @Override
    FileNameList names(DirectoryHandle listed) throws IOException {
      failIf(listFaults.get(listed.path()));
      FileNameList names = super.names(listed);
      afterList.getOrDefault(listed.path(), () -> {}).run();
      return names;
    }

    @Override
    boolean hasNames(DirectoryHandle listed) throws IOException {
      failIf(listFaults.get(listed.path()));
      return super.hasNames(listed);
    }

    @Override
    boolean mayRead(DirectoryHandle parent, byte[] name) {
      Path path = parent.path(name);
      asked.add(path);
      return !unreadable.contains(path);
    }

    private static void failIf(@Nullable IOException fault) throws IOException {
      if (fault != null) {
        throw fault;
      }
    }
  }
}
