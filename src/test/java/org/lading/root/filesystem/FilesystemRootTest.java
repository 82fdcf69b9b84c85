package org.lading.root.filesystem;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lading.testing.SecondLook.isUnchanged;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.base.ByteBuilder;
import org.lading.error.ErrorCode;
import org.lading.root.ContentContract;
import org.lading.root.Item;
import org.lading.root.LocationEncoding;
import org.lading.root.Root;
import org.lading.root.filesystem.FilesystemRootSettings.Serve;
import org.lading.testing.NeedsProgram;
import org.lading.testing.RawFiles;

class FilesystemRootTest extends ContentContract {
  private static final Instant MODIFIED = Instant.parse("2020-02-29T12:34:56.789Z");

  private final Path directory;

  FilesystemRootTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Override
  protected Root rootWith(Map<String, byte[]> files) {
    return root(RawFiles.writeAll(directory, files), Serve.LINKS);
  }

  @Override
  protected void overwrite(String path, byte[] content) {
    Path file = RawFiles.at(directory, path);
    RawFiles.write(file, content);
    try {
      Instant later = Files.getLastModifiedTime(file).toInstant().plusMillis(1);
      Files.setLastModifiedTime(file, FileTime.from(later));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected void delete(String path) {
    try {
      Files.delete(RawFiles.at(directory, path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void path_withEmptyAndDotSegments_isNormalised() {
    Root root = rootWith(Map.of("a/b/c", bytes("1")));

    for (String path : List.of("a//b/c", "./a/b/c", "a/./b/./c", "//a///b//c", "/./a/b/c")) {
      assertThat(root.file(path)).isEqualTo(root.file("a/b/c"));
    }
    assertThat(names(root, "a/./b//.", true)).containsExactly("c");
    assertThat(names(root, ".", true)).containsExactly("a/b/c");
    assertThat(root.directoryName("//a/.//b/./")).isEqualTo("a/b");
    assertThat(root.directoryName("./")).isEmpty();
  }

  @Test
  void file_withTrailingSlash_isRefused() {
    Root root = rootWith(Map.of("a/b", bytes("1")));

    for (String path : List.of("a/b/", "a/b//", "a/b/.", "a/b/./", ".", "/.")) {
      assertRefused(() -> root.file(path));
    }
  }

  @Test
  void path_withLoneSurrogate_isRefused() {
    Root root = rootWith(Map.of("a?", bytes("1"), "a\ufffd", bytes("1")));

    String sentence = assertRefused(() -> root.file("a\ud83d")).sentence();
    assertThat(sentence).contains("a\\ud83d");
    assertRefused(() -> root.file("\ude00a"));
    assertRefused(() -> root.directoryName("\ud83d/"));
  }

  @Test
  void path_longerThanTheSystemAllows_isRefused() {
    Root root = rootWith(Map.of("a", bytes("1")));

    assertRefused(() -> root.file("n".repeat(256)));
    assertRefused(() -> root.file("n/".repeat(5000) + "n"));
    assertRefused(() -> names(root, "n".repeat(256), true));
  }

  @Test
  void key_escapesOnlyPercent() {
    Root root = rootWith(Map.of("d/100% \u00e9", bytes("1")));

    assertThat(root.file("d/100% \u00e9").key()).isEqualTo("d/100%25 \u00e9");
    assertThat(items(root, "d", true)).extracting(Item::key).containsExactly("d/100%25 \u00e9");
  }

  @Test
  void key_thatNoRootWouldHandOut_isRefused() {
    Root root = rootWith(Map.of("a/b", bytes("1")));

    for (String key :
        List.of("a/../a/b", "../x", "/a/b", "a//b", "a/%2e%2E/a/b", "a%00", "%", "%zz")) {
      assertThat(isUnchanged(root, key, 1, MODIFIED)).isFalse();
    }
  }

  @Test
  void times_areWholeMilliseconds() throws Exception {
    Root root = rootWith(Map.of("a", bytes("1")));
    Files.setLastModifiedTime(directory.resolve("a"), FileTime.from(MODIFIED.plusNanos(123_456)));

    assertThat(root.file("a").modified()).isEqualTo(MODIFIED);
    assertThat(items(root, "", true).get(0).modified()).isEqualTo(MODIFIED);
    assertThat(isUnchanged(root, "a", 1, MODIFIED)).isTrue();
    assertThat(isUnchanged(root, "a", 1, MODIFIED.plusNanos(123_000))).isTrue();
  }

  @Test
  void isUnchanged_afterAnyChange_isFalse() throws Exception {
    Root root = rootWith(Map.of("d/a", bytes("1")));
    Item item = root.file("d/a");

    assertThat(isUnchanged(root, "d/a", 2, item.modified())).isFalse();
    assertThat(isUnchanged(root, "d/a", 1, item.modified().minusMillis(1))).isFalse();
    assertThat(isUnchanged(root, "d/missing", 1, item.modified())).isFalse();
    assertThat(isUnchanged(root, "d", 1, item.modified())).isFalse();
    Files.delete(directory.resolve("d/a"));
    assertThat(isUnchanged(root, "d/a", 1, item.modified())).isFalse();
  }

  @NeedsProgram("mkfifo")
  @Test
  void pipe_isRefusedByName() throws Exception {
    Root root = rootWith(Map.of("d/a", bytes("1")));
    Process mkfifo = new ProcessBuilder("mkfifo", directory.resolve("d/pipe").toString()).start();
    assertThat(mkfifo.waitFor()).isZero();

    assertThat(assertRefused(() -> root.file("d/pipe")).sentence()).contains("d/pipe");
    assertThat(assertRefused(() -> names(root, "", true)).sentence()).contains("d/pipe");
    assertThat(assertRefused(() -> names(root, "d", false)).sentence()).contains("d/pipe");
    assertThat(isUnchanged(root, "d/pipe", 0, MODIFIED)).isFalse();
  }

  @Test
  void device_isRefused() {
    assertRefused(() -> root(Path.of("/dev"), Serve.LINKS).file("null"));
  }

  @Test
  void rootDirectory_thatIsMissing_isUnavailableWithoutNamingItsPlace() {
    Path missing = directory.resolve("mounted");
    Root root = root(missing, Serve.LINKS);

    assertUnavailable(root, "mounted");
    RawFiles.write(missing, bytes("a file"));
    assertUnavailable(root, "mounted");
  }

  @Test
  void rootDirectory_thatComesBack_answersAgain() {
    Path late = directory.resolve("late");
    Root root = root(late, Serve.LINKS);
    assertFails(root::check, ErrorCode.STORAGE_UNAVAILABLE);

    RawFiles.write(late.resolve("a"), bytes("1"));

    root.check();
    assertThat(names(root, "", true)).containsExactly("a");
  }

  @Test
  void linkTarget_isTheRealFile() throws Exception {
    Root root = rootWith(Map.of("d/100% \u00e9", bytes("1")));

    Path target = RawFiles.at(directory, "d/100% \u00e9").toRealPath();

    assertThat(target.isAbsolute()).isTrue();
    assertThat(root.file("d/100% \u00e9").linkTarget()).isEqualTo(target);
    assertThat(items(root, "", true)).extracting(Item::linkTarget).containsExactly(target);
  }

  @Test
  void locations_ofLinks_areNotTheRootsToWrite() {
    Root root = rootWith(Map.of("a", bytes("1")));

    assertThatThrownBy(() -> root.locations(LocationEncoding.PLAIN))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void locations_servedDirect_areEncodedOnce() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    hostileNames().forEach(name -> files.put("d/" + name, bytes("1")));
    RawFiles.writeAll(directory, files);
    Root root = root(directory, Serve.DIRECT);

    for (Item item : items(root, "", true)) {
      assertThat(item.linkTarget()).isNull();
      assertThat(root.file(item.name()).linkTarget()).isNull();
      ByteBuilder plain = new ByteBuilder(16).append("- 1 ");
      ByteBuilder exact = new ByteBuilder(16).append("- 1 ");
      root.locations(LocationEncoding.PLAIN).append(item.key(), plain);
      root.locations(LocationEncoding.EXACT).append(item.key(), exact);
      assertThat(exact.toString()).isEqualTo(plain.toString());
      String location = plain.toString().substring(4);
      assertThat(location).matches("/internal/roots/files-1/d/[A-Za-z0-9._~%-]+");
      assertThat(URI.create(location).getPath())
          .isEqualTo("/internal/roots/files-1/" + item.name());
    }
  }

  @Test
  void directory_nestedDeeply_isWalked() throws Exception {
    int depth = (4000 - directory.toRealPath().toString().length()) / 2;
    String deep = "d/".repeat(depth);
    try {
      shell("mkdir -p " + deep + " && : > " + deep + "f");

      assertThat(names(root(directory, Serve.LINKS), "", true)).containsExactly(deep + "f");
      assertThat(root(directory, Serve.LINKS).file(deep + "f").name()).isEqualTo("f");
    } finally {
      shell("rm -rf d");
    }
  }

  @Test
  void directory_nestedDeeperThanTheSystemCanName_failsTheListing() throws Exception {
    try {
      // From the inside out, because the shell cannot go so deep either.
      String name = "n".repeat(200);
      shell(
          "N="
              + name
              + "; mkdir $N; i=0; while [ $i -lt 25 ]; do"
              + " mkdir t; mv $N t/$N; mv t $N; i=$((i+1)); done");

      String sentence =
          assertRefused(() -> names(root(directory, Serve.LINKS), "", true)).sentence();
      assertThat(sentence).startsWith("Cannot be read: nnn").endsWith("...");
    } finally {
      shell("rm -rf n*");
    }
  }

  private void shell(String commands) throws Exception {
    Process process =
        new ProcessBuilder("sh", "-ec", commands)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    byte[] output = process.getInputStream().readAllBytes();
    assertThat(process.waitFor()).as(new String(output, UTF_8)).isZero();
  }

  private static void assertUnavailable(Root root, String place) {
    List<ThrowingCallable> calls =
        List.of(
            root::check,
            () -> root.file("a"),
            () -> names(root, "", true),
            () -> isUnchanged(root, "a", 1, MODIFIED));
    for (var call : calls) {
      assertThat(assertFails(call, ErrorCode.STORAGE_UNAVAILABLE).sentence())
          .contains("files-1")
          .doesNotContain(place, "/");
    }
  }

  private static Root root(Path path, Serve serve) {
    return new FilesystemRoot(new FilesystemRootSettings("files-1", path, false, serve));
  }
}
