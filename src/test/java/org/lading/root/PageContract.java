package org.lading.root;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.root.DirectoryPage.Child;
import org.lading.root.DirectoryPage.Kind;

/** What every root promises of the pages of its directories. */
public abstract class PageContract extends RootContract {
  private static final int MAX = 1000;

  @Test
  void page_hasWhatLiesDirectlyInside_directoriesFirst() {
    Root root =
        rootWith(
            Map.of(
                "d/b.txt",
                bytes("hello"),
                "d/c/1",
                bytes("1"),
                "d/a",
                bytes(""),
                "d/z/",
                bytes("")));

    DirectoryPage page = root.page("d", "", MAX);

    assertThat(page.next()).isNull();
    assertThat(page.children())
        .extracting(Child::kind, Child::name, Child::size, Child::obstacle)
        .containsExactly(
            tuple(Kind.DIRECTORY, "c", 0L, null),
            tuple(Kind.DIRECTORY, "z", 0L, null),
            tuple(Kind.FILE, "a", 0L, null),
            tuple(Kind.FILE, "b.txt", 5L, null));
    assertThat(page.children().get(3).modified())
        .isBetween(Instant.EPOCH, Instant.now().plusSeconds(60));
  }

  @Test
  void page_ofTheRootItself_hasItsDirectories() {
    Root root = rootWith(Map.of("d/1", bytes("1"), "2", bytes("2")));

    for (String path : List.of("", "/")) {
      assertThat(names(root.page(path, "", MAX))).containsExactly("d/", "2");
    }
    for (String path : List.of("d", "/d", "d/", "/d/")) {
      assertThat(names(root.page(path, "", MAX))).containsExactly("1");
    }
  }

  @Test
  void page_ofAnEmptyDirectory_isEmpty() {
    Root root = rootWith(Map.of("d/e/", bytes(""), "f", bytes("")));

    assertThat(root.page("d/e", "", MAX)).isEqualTo(new DirectoryPage(List.of(), null));
  }

  @Test
  void page_ofNoDirectory_isRefused() {
    Root root = rootWith(Map.of("a/b.txt", bytes("hello")));

    for (String path : List.of("..", "a/..", "a/../a", "a\0", "a/b.txt", "missing", "a/b.txt/c")) {
      assertRefused(() -> root.page(path, "", MAX));
    }
    assertThat(assertRefused(() -> root.page("mis\nsing", "", MAX)).sentence())
        .contains("mis\\u000asing");
  }

  @Test
  void pages_together_haveEveryChildOnce() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (int i = 0; i < 11; i++) {
      files.put("d/f" + i, bytes("#".repeat(i)));
      files.put("d/d" + i + "/x", bytes(""));
      files.put("d/d" + i + "/y/z", bytes(""));
    }
    Root root = rootWith(files);
    for (int max : new int[] {1, 4, 11, 22, MAX}) {
      List<String> all = new ArrayList<>();
      DirectoryPage page = root.page("d", "", max);
      while (page.next() != null) {
        assertPage(page, max);
        all.addAll(names(page));
        page = root.page("d", page.next(), max);
      }
      assertPage(page, max);
      all.addAll(names(page));

      assertThat(all).as("pages of " + max).hasSize(22).doesNotHaveDuplicates();
    }
  }

  private static void assertPage(DirectoryPage page, int max) {
    assertThat(page.children())
        .hasSizeLessThanOrEqualTo(max)
        .isSortedAccordingTo(
            Comparator.comparing(Child::kind)
                .thenComparing(child -> bytes(child.name()), Arrays::compareUnsigned));
  }

  @Test
  void hostileNames_areText_andLeadBack() {
    Map<String, byte[]> files = new TreeMap<>();
    for (String name : hostileNames()) {
      files.put("f/" + name, bytes("1"));
      files.put("d/" + name + "/x", bytes("1"));
    }
    Root root = rootWith(files);

    assertThat(names(root.page("f", "", MAX))).containsExactlyInAnyOrderElementsOf(hostileNames());
    for (Child child : root.page("f", "", MAX).children()) {
      assertThat(child.obstacle()).as(child.name()).isNull();
      assertThat(root.file("f/" + child.name()).size()).isEqualTo(child.size());
    }
    DirectoryPage directories = root.page("d", "", MAX);
    assertThat(directories.children()).hasSameSizeAs(hostileNames());
    for (Child child : directories.children()) {
      assertThat(child.kind()).isEqualTo(Kind.DIRECTORY);
      assertThat(names(root.page("d/" + child.name(), "", MAX))).containsExactly("x");
    }
    String cursor = "";
    int pages = 0;
    while (cursor != null) {
      cursor = root.page("f", cursor, 1).next();
      pages++;
    }
    assertThat(pages).isBetween(hostileNames().size(), hostileNames().size() + 1);
  }

  @Test
  void cursor_ofAStranger_leadsNowhereElse() {
    Root root = rootWith(Map.of("a/1", bytes(""), "b/2", bytes(""), "c", bytes("")));

    for (String cursor :
        List.of("..", "../", "/", "%", "%zz", "\0", "\ud800", "b/2", "a/1", "x".repeat(5000))) {
      try {
        assertThat(names(root.page("b", cursor, MAX))).as(cursor).isSubsetOf("2");
      } catch (LadingException e) {
        assertThat(e.code()).as(cursor).isEqualTo(ErrorCode.MISSING_OR_INVALID_TARGET);
      }
    }
  }

  /** The names on a page, those of directories with a slash. */
  protected static List<String> names(DirectoryPage page) {
    return page.children().stream()
        .map(child -> child.kind() == Kind.DIRECTORY ? child.name() + "/" : child.name())
        .toList();
  }
}
