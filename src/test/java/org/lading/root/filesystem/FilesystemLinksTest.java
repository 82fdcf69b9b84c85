package org.lading.root.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lading.testing.SecondLook.isUnchanged;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
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

@ParameterizedClass
@EnumSource(Way.class)
class FilesystemLinksTest {
  private static final byte[] SECRET = {1, 2, 3, 4, 5, 6, 7};

  private final Way way;
  private final Path directory;
  private final Path inside;
  private final Path outside;
  private final Root strict;
  private final Root trusting;

  FilesystemLinksTest(Way way, @TempDir Path directory) throws IOException {
    this.way = way;
    this.directory = directory;
    inside = Files.createDirectories(directory.resolve("inside"));
    outside = Files.createDirectories(directory.resolve("outside"));
    RawFiles.write(outside.resolve("secret"), SECRET);
    RawFiles.write(outside.resolve("deep/secret"), SECRET);
    RawFiles.write(inside.resolve("real/file"), new byte[] {1, 2, 3});
    strict = root("strict", inside, false);
    trusting = root("trusting", inside, true);
  }

  private Root root(String name, Path path, boolean followSymlinks) {
    return new FilesystemRoot(
        new FilesystemRootSettings(name, path, followSymlinks, Serve.LINKS),
        new FileSystemCalls(way.opener));
  }

  @Test
  void rootItself_asALink_isFollowed() throws IOException {
    Path alias = Files.createSymbolicLink(directory.resolve("alias"), inside);
    Root root = root("alias", alias, false);

    assertThat(names(root, "")).containsExactly("real/file");
    assertThat(root.file("real/file").size()).isEqualTo(3);
    assertThat(root.file("real/file").linkTarget())
        .isEqualTo(inside.toRealPath().resolve("real/file"));
    root.check();
  }

  @Test
  void rootItself_asALinkThatIsTurned_leadsToTheNewPlace() throws IOException {
    Path alias = Files.createSymbolicLink(directory.resolve("alias"), inside);
    Root root = root("alias", alias, false);
    assertThat(names(root, "")).containsExactly("real/file");

    Files.delete(alias);
    Files.createSymbolicLink(alias, outside);

    assertThat(names(root, "")).containsExactly("deep/secret", "secret");
  }

  @Test
  void link_thatStaysInside_isFollowed() throws IOException {
    link("relative", "real/file");
    link("absolute", inside.resolve("real/file").toString());
    link("directory", "real");
    link("sub/up", "../real/file");

    for (Root root : List.of(strict, trusting)) {
      for (String path : List.of("relative", "absolute", "directory/file", "sub/up")) {
        Item item = root.file(path);
        assertThat(item.size()).isEqualTo(3);
        assertThat(item.key()).isEqualTo(path);
        assertThat(item.linkTarget()).isEqualTo(inside.toRealPath().resolve("real/file"));
        assertThat(isUnchanged(root, path, item.size(), item.modified())).isTrue();
      }
      assertThat(root.file("sub/up").name()).isEqualTo("up");
      assertThat(names(root, ""))
          .containsExactly("absolute", "directory/file", "real/file", "relative", "sub/up");
      assertThat(items(root, "directory")).extracting(Item::key).containsExactly("directory/file");
      assertThat(items(root, "")).extracting(Item::size).containsOnly(3L);
    }
  }

  @Test
  void link_toAFile_hasTheTimeOfItsTarget() throws IOException {
    link("l", "real/file");
    Files.setLastModifiedTime(inside.resolve("real/file"), FileTime.fromMillis(1_000_000_000_123L));

    assertThat(items(strict, "").get(0).modified().toEpochMilli()).isEqualTo(1_000_000_000_123L);
    assertThat(strict.file("l").modified().toEpochMilli()).isEqualTo(1_000_000_000_123L);
  }

  @Test
  void link_toAnEmptyDirectory_isAnEmptyDirectory() throws IOException {
    Files.createDirectories(inside.resolve("void"));
    link("l", "void");

    assertThat(items(strict, ""))
        .extracting(item -> item.kind() + " " + item.name())
        .containsExactly("EMPTY_DIRECTORY l", "FILE real/file", "EMPTY_DIRECTORY void");
  }

  @Test
  void link_thatLeadsOut_isRefusedUnlessFollowed() throws IOException {
    link("out", outside.resolve("secret").toString());
    link("outdir", "../outside");
    link("again", "outdir");

    for (String path :
        List.of(
            "out", "outdir/secret", "outdir/deep/secret", "again/secret", "again/deep/secret")) {
      assertRefused(() -> strict.file(path), path);
      assertThat(trusting.file(path).size()).isEqualTo(SECRET.length);
      assertThat(trusting.file(path).key()).isEqualTo(path);
      Item seen = trusting.file(path);
      assertThat(isUnchanged(trusting, path, seen.size(), seen.modified())).isTrue();
      assertThat(isUnchanged(strict, path, seen.size(), seen.modified())).isFalse();
    }
    assertRefused(() -> names(strict, "outdir"), "outdir");
    assertRefused(() -> names(strict, "outdir/deep"), "outdir/deep");
    assertThat(names(trusting, "outdir")).containsExactly("deep/secret", "secret");
    assertThat(trusting.file("out").linkTarget()).isEqualTo(outside.toRealPath().resolve("secret"));
  }

  @Test
  void link_thatLeadsOut_failsAListingThatMeetsIt() throws IOException {
    link("sub/out", "../../outside/secret");
    assertRefused(() -> names(strict, ""), "sub/out");
    assertRefused(() -> strict.list("sub", false, item -> {}), "sub/out");
    assertThat(names(trusting, "")).containsExactly("real/file", "sub/out");

    Files.delete(inside.resolve("sub/out"));
    link("sub/outdir", "../../outside");
    assertRefused(() -> names(strict, ""), "sub/outdir");
    assertThat(names(trusting, "sub")).containsExactly("outdir/deep/secret", "outdir/secret");
  }

  @Test
  void siblingDirectory_whoseNameBeginsAlike_isOutside() throws IOException {
    RawFiles.write(directory.resolve("inside-too/secret"), SECRET);
    link("l", "../inside-too/secret");

    assertRefused(() -> strict.file("l"), "l");
  }

  @Test
  void path_outAndBackIn_isRefused() throws IOException {
    link("outdir", "../outside");
    Files.createSymbolicLink(outside.resolve("back"), inside);

    assertRefused(() -> strict.file("outdir/back/real/file"), "outdir/back/real/file");
    assertThat(trusting.file("outdir/back/real/file").size()).isEqualTo(3);
  }

  @Test
  void refusal_tellsNothingOfWhatIsOutside() throws IOException {
    link("a", "../outside/secret");
    link("b", "../outside/nothing");
    link("c", "../outside");

    String pattern = "Behind a link that is broken or leads out of the root: %s";
    for (String path : List.of("a", "b", "c/secret", "c/nothing", "c/secret/x", "c")) {
      assertThat(assertRefused(() -> strict.file(path), path).sentence())
          .isEqualTo(String.format(pattern, path));
      assertThat(assertRefused(() -> names(strict, path), path).sentence())
          .isEqualTo(String.format(pattern, path));
    }
  }

  @Test
  void link_thatIsBroken_isRefused() throws IOException {
    link("sub/broken", "nowhere");

    for (Root root : List.of(strict, trusting)) {
      assertRefused(() -> root.file("sub/broken"), "sub/broken");
      assertRefused(() -> root.file("sub/broken/x"), "sub/broken/x");
      assertRefused(() -> names(root, ""), "sub/broken");
      assertThat(isUnchanged(root, "sub/broken", 0, Instant.EPOCH)).isFalse();
    }
  }

  @Test
  void link_toItself_isRefused() throws IOException {
    link("sub/me", "me");
    link("sub/ping", "pong");
    link("sub/pong", "ping");

    for (Root root : List.of(strict, trusting)) {
      assertRefused(() -> root.file("sub/me"), "sub/me");
      assertRefused(() -> root.file("sub/ping"), "sub/ping");
      assertRefused(() -> names(root, "sub"), "sub/me");
    }
  }

  @Test
  void link_toADirectoryAboveIt_isRefusedByName() throws IOException {
    link("x/y/up", "..");

    for (Root root : List.of(strict, trusting)) {
      assertRefused(() -> names(root, ""), "x/y/up");
      assertRefused(() -> names(root, "x"), "x/y/up");
    }
  }

  @Test
  void link_aboveTheListedDirectory_isRefused() throws IOException {
    link("x/y/up", "../..");

    for (Root root : List.of(strict, trusting)) {
      assertRefused(() -> names(root, "x"), "x/y/up/x");
    }
  }

  @Test
  void links_toEachOthersDirectories_areRefused() throws IOException {
    link("a/to-b", "../b");
    link("b/to-a", "../a");

    for (Root root : List.of(strict, trusting)) {
      assertRefused(() -> names(root, ""), "a/to-b/to-a");
    }
  }

  @Test
  void loop_throughTheOutside_isRefused() throws IOException {
    link("l", "../outside");
    Files.createSymbolicLink(outside.resolve("z"), inside);

    assertRefused(() -> names(trusting, ""), "l/z");
  }

  @Test
  void links_toOneDirectoryFromTwoPlaces_areNoLoop() throws IOException {
    link("l1", "real");
    link("l2", "real");
    link("real/again", "file");

    assertThat(names(strict, ""))
        .containsExactly("l1/again", "l1/file", "l2/again", "l2/file", "real/again", "real/file");
  }

  private void link(String name, String target) throws IOException {
    Path link = inside.resolve(name);
    Files.createDirectories(link.getParent());
    Files.createSymbolicLink(link, Path.of(target));
  }

  private static LadingException assertRefused(ThrowingCallable call, String path) {
    List<LadingException> caught = new ArrayList<>();
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(LadingException.class, caught::add)
        .hasMessageEndingWith(": " + path);
    assertThat(caught.get(0).code()).isEqualTo(ErrorCode.MISSING_OR_INVALID_TARGET);
    return caught.get(0);
  }

  private static List<Item> items(Root root, String path) {
    List<Item> items = new ArrayList<>();
    root.list(path, true, items::add);
    return items;
  }

  private static List<String> names(Root root, String path) {
    return items(root, path).stream().map(Item::name).toList();
  }
}
