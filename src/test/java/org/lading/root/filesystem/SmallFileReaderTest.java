package org.lading.root.filesystem;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.lading.error.LadingException;
import org.lading.root.Item;
import org.lading.testing.NeedsProgram;
import org.lading.testing.RawFiles;

/** Small files that are read whole, and what may have taken their place. */
@ParameterizedClass
@EnumSource(Way.class)
class SmallFileReaderTest {
  private static final FileTime TIME = FileTime.fromMillis(1_700_000_000_000L);

  private final Way way;
  @TempDir Path directory;
  @TempDir Path outside;
  private FilesystemRoot root;
  private Path file;
  private Item item;

  SmallFileReaderTest(Way way) {
    this.way = way;
  }

  @BeforeEach
  void make() throws IOException {
    file = write(Files.createDirectories(directory.resolve("d")).resolve("f"), "inside");
    root =
        new FilesystemRoot(
            new FilesystemRootSettings("r", directory, false, FilesystemRootSettings.Serve.DIRECT),
            new FileSystemCalls(way.opener));
    item = root.file("d/f");
  }

  @Test
  void linkInside_isRead() throws IOException {
    Files.createSymbolicLink(directory.resolve("d/l"), Path.of("f"));
    assertThat(root.read(List.of(item, root.file("d/l"))))
        .isDeepEqualTo(new byte[][] {"inside".getBytes(UTF_8), "inside".getBytes(UTF_8)});
  }

  @Test
  void nameThatIsNotUtf8_isRead() throws IOException {
    RawFiles.write(RawFiles.at(directory.resolve("d"), (byte) 'a', (byte) 0xe9), new byte[] {7});
    List<Item> items = new ArrayList<>();
    root.list("d", false, items::add);
    assertThat(items).hasSize(2);
    assertThat(root.read(items)[0]).containsExactly(7);
  }

  @Test
  void directoryThatBecameALinkOut_isNotFollowed() throws IOException {
    write(outside.resolve("f"), "secret");
    Files.move(directory.resolve("d"), outside.resolve("old"));
    Files.createSymbolicLink(directory.resolve("d"), outside);
    assertRefused(item);
  }

  @Test
  void fileThatBecameALinkOut_isNotFollowed() throws IOException {
    write(outside.resolve("f"), "secret");
    Files.delete(file);
    Files.createSymbolicLink(file, outside.resolve("f"));
    assertRefused(item);
  }

  @NeedsProgram("mkfifo")
  @Test
  @Timeout(20)
  void pipeInPlaceOfAFile_isNotWaitedFor() throws Exception {
    Files.delete(file);
    assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor()).isZero();
    assertRefused(item);
  }

  @Test
  void keyThatNoRootWouldHandOut_isRefused() throws IOException {
    write(outside.resolve("f"), "secret");
    String up = "../" + outside.getFileName();
    for (String key : List.of(up + "/f", "d/%2e%2e/f", "d/..", "d/.", "d/", "d/x%2Ff", "d/%", "")) {
      assertRefused(new Item(Item.Kind.FILE, "f", key, 6, TIME.toInstant(), null));
    }
  }

  @Test
  void files_leaveNothingOpen() throws IOException {
    write(directory.resolve("top"), "inside");
    assertThat(root.read(List.of(item, root.file("top"), item)).length).isEqualTo(3);
    Files.delete(file);
    assertRefused(item);
    try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
      assertThat(descriptors.map(SmallFileReaderTest::target))
          .noneMatch(target -> target.startsWith(directory.toString()));
    }
  }

  private void assertRefused(Item refused) {
    assertThatThrownBy(() -> root.read(List.of(refused)))
        .isInstanceOfAny(IOException.class, LadingException.class);
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException gone) {
      return "";
    }
  }

  private static Path write(Path path, String text) throws IOException {
    return Files.setLastModifiedTime(Files.writeString(path, text), TIME);
  }
}
