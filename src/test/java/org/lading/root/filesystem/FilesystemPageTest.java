package org.lading.root.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.lading.root.DirectoryPage;
import org.lading.root.DirectoryPage.Child;
import org.lading.root.DirectoryPage.Kind;
import org.lading.root.DirectoryPage.Obstacle;
import org.lading.root.Root;
import org.lading.root.filesystem.FilesystemRootSettings.Serve;
import org.lading.testing.NeedsProgram;
import org.lading.testing.RawFiles;

/** The pages of directories with links, pipes and what cannot be read. */
@ParameterizedClass
@EnumSource(Way.class)
class FilesystemPageTest {
  private final Path inside;
  private final Path outside;
  private final Disk disk;
  private final Root root;

  FilesystemPageTest(Way way, @TempDir Path directory) {
    inside = RawFiles.makeDirectories(directory.resolve("inside"));
    outside = RawFiles.makeDirectories(directory.resolve("outside"));
    RawFiles.write(outside.resolve("secret"), new byte[7]);
    disk = new Disk(way);
    root = root(false);
  }

  private Root root(boolean followSymlinks) {
    return new FilesystemRoot(
        new FilesystemRootSettings("pages", inside, followSymlinks, Serve.LINKS), disk);
  }

  @Test
  void links_areWhatTheyLeadTo_unlessItIsOutside() throws IOException {
    RawFiles.write(inside.resolve("d/f"), new byte[3]);
    Files.createSymbolicLink(inside.resolve("to-d"), Path.of("d"));
    Files.createSymbolicLink(inside.resolve("to-f"), Path.of("d/f"));
    Files.createSymbolicLink(inside.resolve("to-nothing"), Path.of("nothing"));
    Files.createSymbolicLink(inside.resolve("to-outside"), outside);
    Files.createSymbolicLink(inside.resolve("to-secret"), outside.resolve("secret"));

    assertThat(root.page("", "", 100).children())
        .extracting(Child::kind, Child::name, Child::size, Child::obstacle)
        .containsExactly(
            tuple(Kind.DIRECTORY, "d", 0L, null),
            tuple(Kind.DIRECTORY, "to-d", 0L, null),
            tuple(Kind.FILE, "to-f", 3L, null),
            tuple(Kind.FILE, "to-nothing", -1L, Obstacle.DEAD_LINK),
            tuple(Kind.FILE, "to-outside", -1L, Obstacle.DEAD_LINK),
            tuple(Kind.FILE, "to-secret", -1L, Obstacle.DEAD_LINK));
    assertThat(root(true).page("", "", 100).children())
        .extracting(Child::name, Child::size, Child::obstacle)
        .contains(tuple("to-outside", 0L, null), tuple("to-secret", 7L, null));
    assertThat(root.page("to-d", "", 100).children()).extracting(Child::name).containsExactly("f");
  }

  @Test
  @NeedsProgram("mkfifo")
  void pipe_isShown_andNotOpened() throws Exception {
    new ProcessBuilder("mkfifo", inside.resolve("pipe").toString()).start().waitFor();

    assertThat(root.page("", "", 100).children())
        .extracting(Child::kind, Child::obstacle)
        .containsExactly(tuple(Kind.FILE, Obstacle.SPECIAL));
  }

  @Test
  void whatCannotBeRead_isShownAsThat_andWhatVanishes_isNot() throws IOException {
    for (String name : List.of("fine", "gone", "private", "private-d/x")) {
      RawFiles.write(inside.resolve(name), new byte[1]);
    }
    for (String name : List.of("private", "private-d")) {
      Files.setPosixFilePermissions(
          inside.resolve(name), PosixFilePermissions.fromString("rwx------"));
      disk.unreadable.add(name);
    }
    disk.gone.add("gone");

    assertThat(root.page("", "", 100).children())
        .extracting(Child::name, Child::obstacle)
        .containsExactly(
            tuple("private-d", Obstacle.UNREADABLE),
            tuple("fine", null),
            tuple("private", Obstacle.UNREADABLE));
  }

  @Test
  void nameThatIsNotUtf8_isShown_andCannotBeAskedFor() {
    RawFiles.write(RawFiles.at(inside, (byte) 'a', (byte) 0xe9), new byte[1]);
    RawFiles.write(RawFiles.at(inside, "b"), new byte[1]);
    RawFiles.write(RawFiles.at(inside, (byte) 0xff, (byte) '/', (byte) 'x'), new byte[1]);

    assertThat(root.page("", "", 100).children())
        .extracting(Child::kind, Child::name, Child::obstacle)
        .containsExactly(
            tuple(Kind.DIRECTORY, "%FF", Obstacle.NAME),
            tuple(Kind.FILE, "a%E9", Obstacle.NAME),
            tuple(Kind.FILE, "b", null));
    DirectoryPage first = root.page("", "", 1);
    DirectoryPage second = root.page("", first.next(), 1);
    assertThat(second.children()).extracting(Child::name).containsExactly("a%E9");
    assertThat(root.page("", second.next(), 1).children())
        .extracting(Child::name)
        .containsExactly("b");
  }

  @Test
  void childOfTheCursor_mayVanish_betweenTwoPages() throws IOException {
    for (int i : IntStream.range(0, 6).toArray()) {
      RawFiles.write(inside.resolve("f" + i), new byte[1]);
    }
    DirectoryPage first = root.page("", "", 3);
    Files.delete(inside.resolve("f2"));
    Files.delete(inside.resolve("f3"));

    assertThat(first.children()).extracting(Child::name).containsExactly("f0", "f1", "f2");
    assertThat(root.page("", first.next(), 3).children())
        .extracting(Child::name)
        .containsExactly("f4", "f5");
  }

  @Test
  void onlyWhatAPageShows_isLookedAt() {
    for (int i : IntStream.range(0, 50).toArray()) {
      RawFiles.write(inside.resolve("f" + (10 + i)), new byte[1]);
    }
    RawFiles.write(inside.resolve("d/x"), new byte[1]);

    DirectoryPage page = root.page("", "", 5);

    assertThat(page.children())
        .extracting(Child::name)
        .containsExactly("d", "f10", "f11", "f12", "f13");
    if (disk.way == Way.OPENAT2) {
      assertThat(disk.looks).as("only those shown, where the directory tells kinds").hasSize(5);
    }
  }

  /** The disk, of which some names cannot be read or are gone. */
  private static final class Disk extends FileSystemCalls {
    final Way way;
    final Set<String> unreadable = ConcurrentHashMap.newKeySet();
    final Set<String> gone = ConcurrentHashMap.newKeySet();
    final Set<String> looks = ConcurrentHashMap.newKeySet();

    Disk(Way way) {
      super(way.opener);
      this.way = way;
    }

    @Override
    FileStatus stat(DirectoryHandle directory, byte[] name) throws IOException {
      String text = FileNameConverter.display(name);
      if (gone.contains(text)) {
        throw new NoSuchFileException(text);
      }
      if (directory.path().endsWith("inside") && !text.isEmpty()) {
        looks.add(text);
      }
      return super.stat(directory, name);
    }

    @Override
    boolean mayRead(DirectoryHandle directory, byte[] name) throws IOException {
      return !unreadable.contains(FileNameConverter.display(name));
    }
  }
}
