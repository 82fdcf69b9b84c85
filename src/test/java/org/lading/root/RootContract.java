package org.lading.root;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.lading.testing.SecondLook.isUnchanged;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.lading.base.ByteBuilder;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.root.Item.Kind;
import org.lading.testing.RandomTree;

/** What every root promises, whatever stores its files. */
public abstract class RootContract {
  private static final String LONG_NAME = "n".repeat(255);

  /**
   * A root with exactly these files by path; a path with a slash at the end is an empty directory.
   * Called once for each test.
   */
  protected abstract Root rootWith(Map<String, byte[]> files);

  /** Names of files that trouble shells, URLs, headers, archives and other systems. */
  protected List<String> hostileNames() {
    List<String> names = new ArrayList<>();
    String troubled = " +%#?&=;:@'\"()[]{}$,!*~^|\\`\t\n\r<>";
    for (int i = 0; i < troubled.length(); i++) {
      names.add("x" + troubled.charAt(i) + "y");
    }
    names.addAll(
        List.of(
            " leading",
            "trailing ",
            "a%2Fb",
            "a%2fb",
            "100%",
            "%",
            "%25",
            "a%FF",
            "...",
            "..hidden",
            "-rf",
            "~",
            "caf\u00e9",
            "cafe\u0301",
            "\u4e2d\u6587",
            "\u05e9\u05dc\u05d5\u05dd",
            "\u202egnp.exe",
            "\ufffd",
            "\ufeffbom",
            "\ud83d\ude00.txt",
            "\ud83d\udc68\u200d\ud83d\udc69",
            LONG_NAME,
            "\u00e9".repeat(127) + "x"));
    return names;
  }

  @Test
  void file_byPath_isFound() {
    Root root = rootWith(Map.of("a/b.txt", bytes("hello")));

    Item item = root.file("a/b.txt");

    assertThat(item.kind()).isEqualTo(Kind.FILE);
    assertThat(item.name()).isEqualTo("b.txt");
    assertThat(item.size()).isEqualTo(5);
    assertThat(item.modified()).isBetween(Instant.EPOCH, Instant.now().plusSeconds(60));
  }

  @Test
  void file_withLeadingSlash_isTheSameFile() {
    Root root = rootWith(Map.of("a/b.txt", bytes("hello")));

    assertThat(root.file("/a/b.txt")).isEqualTo(root.file("a/b.txt"));
  }

  @Test
  void file_ofNoBytes_isAFile() {
    Root root = rootWith(Map.of("empty", bytes("")));

    assertThat(root.file("empty").size()).isZero();
  }

  @Test
  void path_withParentSegment_isRefused() {
    Root root = rootWith(Map.of("a/b.txt", bytes("hello"), "c.txt", bytes("there")));

    for (String path : List.of("..", "../a/b.txt", "a/../c.txt", "/../c.txt", "a/..", "a/../")) {
      assertRefused(() -> root.file(path));
      assertRefused(() -> names(root, path, true));
    }
  }

  @Test
  void path_withNul_isRefused() {
    Root root = rootWith(Map.of("a/b.txt", bytes("hello")));

    assertRefused(() -> root.file("a/b.txt\0"));
    assertRefused(() -> root.file("a\0/b.txt"));
    assertRefused(() -> names(root, "a\0", true));
  }

  @Test
  void path_thatIsMissing_isRefusedByName() {
    Root root = rootWith(Map.of("a/b.txt", bytes("hello")));

    assertThat(assertRefused(() -> root.file("a/missing")).sentence()).contains("a/missing");
    assertThat(assertRefused(() -> root.file("a/b.txt/c")).sentence()).contains("a/b.txt/c");
    assertThat(assertRefused(() -> names(root, "missing", true)).sentence()).contains("missing");
    assertRefused(() -> names(root, "missing", false));
  }

  @Test
  void path_withControlCharacters_isShownEscaped() {
    Root root = rootWith(Map.of("a/b.txt", bytes("hello")));

    String sentence = assertRefused(() -> root.file("mis\r\nsing")).sentence();

    assertThat(sentence).contains("mis\\u000d\\u000asing").doesNotContain("\r", "\n");
  }

  @Test
  void directory_askedForAsFile_isRefused() {
    Root root = rootWith(Map.of("a/b.txt", bytes("hello")));

    for (String path : List.of("a", "a/", "", "/")) {
      assertRefused(() -> root.file(path));
    }
  }

  @Test
  void file_listedAsDirectory_isRefused() {
    Root root = rootWith(Map.of("a/b.txt", bytes("hello")));

    assertRefused(() -> names(root, "a/b.txt", true));
    assertRefused(() -> names(root, "a/b.txt", false));
  }

  @Test
  void listing_recursive_hasAllFilesBelow() {
    Root root =
        rootWith(
            Map.of(
                "d/1",
                bytes("1"),
                "d/s/22",
                bytes("22"),
                "d/s/t/333",
                bytes("333"),
                "e",
                bytes("")));

    assertThat(items(root, "d", true))
        .extracting(Item::name, Item::size, Item::kind)
        .containsExactly(
            tuple("1", 1L, Kind.FILE),
            tuple("s/22", 2L, Kind.FILE),
            tuple("s/t/333", 3L, Kind.FILE));
  }

  @Test
  void listing_notRecursive_hasTheFilesDirectlyInside() {
    Root root =
        rootWith(Map.of("d/2", bytes(""), "d/1", bytes(""), "d/s/3", bytes(""), "d/t/", bytes("")));

    assertThat(names(root, "d", false)).containsExactly("1", "2");
  }

  @Test
  void directory_withOrWithoutSlashes_isTheSame() {
    Root root = rootWith(Map.of("d/s/1", bytes("1"), "ds", bytes("")));
    List<Item> expected = items(root, "d/s", true);

    assertThat(expected).hasSize(1);
    for (String path : List.of("/d/s", "d/s/", "/d/s/")) {
      assertThat(items(root, path, true)).isEqualTo(expected);
    }
  }

  @Test
  void rootItself_asEmptyPathOrSlash_isListed() {
    Root root = rootWith(Map.of("d/1", bytes("1"), "2", bytes("2")));

    for (String path : List.of("", "/")) {
      assertThat(names(root, path, true)).containsExactly("2", "d/1");
      assertThat(names(root, path, false)).containsExactly("2");
    }
  }

  @Test
  void listing_isInByteOrderOfWholeNames() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (String name :
        List.of(
            "a/x/y", "a0", "a.txt", "a b", "a!/y", "a!z", "A", "z", "a/x!/1", "a/x-", "a/x./q/")) {
      files.put(name, bytes(name));
    }

    assertThat(names(rootWith(files), "", true))
        .containsExactly(
            "A", "a b", "a!/y", "a!z", "a.txt", "a/x!/1", "a/x-", "a/x./q", "a/x/y", "a0", "z");
  }

  @Test
  void listing_ofNamesBeyondAscii_isInOrderOfUtf8() {
    // In UTF-16 the emoji's surrogates would come before U+FF41.
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (String name : List.of("\ud83d\ude00", "\uff41", "\u00e9", "z", "\ud83d\ude000")) {
      files.put(name, bytes(""));
    }
    files.put("\u00e9\u00e9/\ud83d\ude00", bytes(""));
    files.put("\u00e9\u00e9/\uff41", bytes(""));
    files.put("\u00e9\u00e9.txt", bytes(""));

    assertThat(names(rootWith(files), "", true))
        .containsExactly(
            "z",
            "\u00e9",
            "\u00e9\u00e9.txt",
            "\u00e9\u00e9/\uff41",
            "\u00e9\u00e9/\ud83d\ude00",
            "\uff41",
            "\ud83d\ude00",
            "\ud83d\ude000");
  }

  @Test
  void listing_ofARandomTree_isCompleteAndInByteOrder() {
    Map<String, byte[]> files = RandomTree.of(new Random(20240229), 600);

    List<String> expected = new ArrayList<>(files.keySet());
    expected.sort((a, b) -> Arrays.compareUnsigned(bytes(a), bytes(b)));
    List<String> listed = new ArrayList<>();
    rootWith(files)
        .list("", true, i -> listed.add(i.kind() == Kind.FILE ? i.name() : i.name() + "/"));

    assertThat(listed).isEqualTo(expected);
  }

  @Test
  void emptyDirectories_areItemsOfARecursiveListing() {
    Root root = rootWith(Map.of("d/a/", bytes(""), "d/b/c/", bytes(""), "d/f", bytes("1")));

    assertThat(items(root, "d", true))
        .extracting(Item::name, Item::kind, Item::size)
        .containsExactly(
            tuple("a", Kind.EMPTY_DIRECTORY, 0L),
            tuple("b/c", Kind.EMPTY_DIRECTORY, 0L),
            tuple("f", Kind.FILE, 1L));
    assertThat(names(root, "d", false)).containsExactly("f");
  }

  @Test
  void emptyDirectory_listed_isNotAnItemItself() {
    Root root = rootWith(Map.of("d/a/", bytes("")));

    assertThat(names(root, "d/a", true)).isEmpty();
    assertThat(names(root, "d/a", false)).isEmpty();
  }

  @Test
  void hostileName_foundByListing_isFoundAgainByPath() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (String name : hostileNames()) {
      files.put("d/" + name, bytes("#".repeat(files.size())));
    }
    Root root = rootWith(files);
    List<Item> listed = items(root, "d", true);

    assertThat(listed).extracting(Item::name).containsExactlyInAnyOrderElementsOf(hostileNames());
    Set<String> keys = new HashSet<>();
    for (Item item : listed) {
      Item again = root.file("d/" + item.name());
      assertThat(again.key()).isEqualTo(item.key());
      assertThat(again.size())
          .isEqualTo(Objects.requireNonNull(files.get("d/" + item.name())).length);
      assertThat(again.name()).isEqualTo(item.name());
      assertThat(keys.add(item.key())).isTrue();
    }
  }

  @Test
  void hostileDirectory_isListedUnderItsName() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    hostileNames().forEach(name -> files.put(name + "/f", bytes("1")));
    Root root = rootWith(files);

    assertThat(names(root, "", true)).containsExactlyInAnyOrderElementsOf(files.keySet());
    for (String name : hostileNames()) {
      assertThat(names(root, name, false)).containsExactly("f");
      assertThat(root.directoryName("/" + name + "/")).isEqualTo(name);
    }
  }

  @Test
  void everyItem_canBeServed() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    hostileNames().forEach(name -> files.put("d/" + name, bytes("1")));
    Root root = rootWith(files);

    for (Item item : items(root, "", true)) {
      if (item.linkTarget() == null) {
        for (LocationEncoding encoding : LocationEncoding.values()) {
          ByteBuilder line = new ByteBuilder(16).append("- 1 ");
          root.locations(encoding).append(item.key(), line);
          assertThat(line.toString()).matches("- 1 /[A-Za-z0-9._~/%-]+(\\?[^ ?\\p{Cntrl}]+)?");
        }
      }
    }
  }

  @Test
  void item_thatNobodyTouched_isUnchanged() {
    Root root = rootWith(Map.of("d/a b%", bytes("12")));
    Item item = root.file("d/a b%");

    assertThat(isUnchanged(root, item)).isTrue();
  }

  @Test
  void directoryName_hasNoSlashAtEitherEnd() {
    Root root = rootWith(Map.of("a/b/c", bytes("")));

    assertThat(root.directoryName("a/b")).isEqualTo("a/b");
    assertThat(root.directoryName("/a/b/")).isEqualTo("a/b");
    assertThat(root.directoryName("")).isEmpty();
    assertThat(root.directoryName("/")).isEmpty();
  }

  @Test
  void check_ofARootThatIsThere_returns() {
    rootWith(Map.of("a", bytes(""))).check();
  }

  /** Everything a listing hands over. */
  protected static List<Item> items(Root root, String path, boolean recursive) {
    List<Item> items = new ArrayList<>();
    root.list(path, recursive, items::add);
    return items;
  }

  /** The names a listing hands over. */
  protected static List<String> names(Root root, String path, boolean recursive) {
    return items(root, path, recursive).stream().map(Item::name).toList();
  }

  /** Asserts that a call is refused as a bad target, and returns the refusal. */
  protected static LadingException assertRefused(ThrowingCallable call) {
    return assertFails(call, ErrorCode.MISSING_OR_INVALID_TARGET);
  }

  /** Asserts that a call fails with a code, and returns the failure. */
  protected static LadingException assertFails(ThrowingCallable call, ErrorCode code) {
    List<LadingException> caught = new ArrayList<>();
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            LadingException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              caught.add(e);
            });
    return caught.get(0);
  }

  /** UTF-8. */
  protected static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
