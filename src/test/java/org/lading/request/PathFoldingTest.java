package org.lading.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.manifest.names.NamePolicy;

class PathFoldingTest {
  private static final int CASES = 20_000;
  private static final List<String> PIECES =
      List.of("/", "//", ".", "..", "/../", "/./", "a", "b c", " ..", ".. ", "...", "|", "\\..\\");

  private final Random random = new Random(20261127);

  @ParameterizedTest
  @CsvSource({
    "/abs/dir, abs/dir",
    "/, ''",
    "'', ''",
    "a//b/, a/b",
    "., ''",
    "./a/., a",
    "a/../b, b",
    "a/b/../../c, c",
    "a/..., a/...",
  })
  void directoryInTheArchive_isFolded(String path, String folded) {
    assertThat(PathFolding.folded("zip_path", path)).isEqualTo(folded);
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "/..", "a/../..", "a/../../a", "./../a", "//..//"})
  void directoryOutsideOfTheArchive_isRefused(String path) {
    assertThatThrownBy(() -> PathFolding.folded("zip_path", path))
        .isInstanceOfSatisfying(
            LadingException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_NAME));
  }

  @Test
  void anyDirectory_isRefused_orIsRelativeWithoutDots_andStaysSo() {
    int refused = 0;
    for (int i = 0; i < CASES; i++) {
      String path = path();
      try {
        String folded = PathFolding.folded("zip_path", path);
        assertThat(folded).doesNotStartWith("/").doesNotEndWith("/").doesNotContain("//");
        assertThat(List.of(folded.split("/", -1))).doesNotContain(".", "..");
        assertThat(PathFolding.folded("zip_path", folded)).isEqualTo(folded);
        String inArchive = NamePolicy.PORTABLE.inArchive(folded.isEmpty() ? "z" : "z/" + folded);
        assertThat(List.of(inArchive.split("/", -1))).doesNotContain(".", "..", "");
      } catch (LadingException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(1, CASES / 2);
  }

  @Test
  void anyPathOfASource_isAsItIs_orHasNoDots_andStaysSo() {
    for (int i = 0; i < CASES; i++) {
      String path = path();
      String resolved = PathFolding.resolved(path);
      assertThat(PathFolding.resolved(resolved)).isEqualTo(resolved);
      if (!resolved.equals(path)) {
        assertThat(List.of(resolved.split("/", -1))).doesNotContain(".", "..");
        assertThat(resolved).doesNotStartWith("/");
      }
    }
    assertThat(PathFolding.resolved("child/../cat.txt")).isEqualTo("cat.txt");
    assertThat(PathFolding.resolved("child/../other/")).isEqualTo("other/");
    assertThat(PathFolding.resolved("child/..")).isEmpty();
    assertThat(PathFolding.resolved("../cat.txt")).isEqualTo("../cat.txt");
    assertThat(PathFolding.resolved("/a//./b")).isEqualTo("/a//./b");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "null",
      value = {
        "null, d/e.txt, d, e.txt",
        "/x/, /d//e.txt, x/d, e.txt",
        "x, e/, x, e",
        "'', '', '', _",
        "x, null, x, null",
        "null, d/../e, null, e",
      })
  void slashesOfAName_areThoseOfDirectories(
      String zipPath, String name, String directory, String last) {
    assertThat(PathFolding.folded(new RequestForm.Place(zipPath, name)))
        .isEqualTo(new RequestForm.Place(directory, last));
  }

  private String path() {
    StringBuilder path = new StringBuilder();
    for (int pieces = 1 + random.nextInt(6); pieces > 0; pieces--) {
      path.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return path.toString();
  }
}
