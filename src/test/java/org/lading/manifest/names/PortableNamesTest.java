package org.lading.manifest.names;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

class PortableNamesTest {
  private static final int CASES = 20_000;

  /** What names are made of: much that some system does not take. */
  private static final List<String> PIECES =
      List.of(
          "/",
          "//",
          ".",
          "..",
          "/../",
          " ",
          "\\",
          ":",
          "C:",
          "|",
          "?",
          "*",
          "\"",
          "<",
          ">",
          "\0",
          "\n",
          "\u007f",
          "\u0085",
          "con",
          "NUL",
          "lpt\u00b9",
          "com1.txt",
          "conout$",
          "a",
          "b.txt",
          "_",
          "(2)",
          "\u00e4",
          "a\u0308",
          "\ud83d\ude00",
          "\u202e",
          "x".repeat(254),
          "\u6f22".repeat(90));

  private final Random random = new Random(20261127);

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "Box 1: letters; Box 1_ letters",
        "a|b|c; a_b_c",
        "' lead'; lead",
        "end. .; end",
        "...; _",
        "con; _con",
        "Con .txt; _Con .txt",
        "console; console",
        "C:\\x; C__x",
        "a/../b; a/_/b",
        "/etc/passwd; _/etc/passwd",
        "a//b/; a/_/b/_",
      })
  void name_becomesPortable(String name, String portable) {
    assertThat(NamePolicy.PORTABLE.inArchive(name)).isEqualTo(portable);
  }

  @Test
  void anyName_becomesOneThatIsNotRefused_andStaysSo() {
    for (int i = 0; i < CASES; i++) {
      String name = name();
      String portable = NamePolicy.PORTABLE.inArchive(name);
      for (String segment : portable.split("/", -1)) {
        assertThat(NamePolicy.REFUSE.requireName("name", segment)).isEqualTo(segment);
      }
      assertThat(portable.split("/", -1)).as(name).hasSameSizeAs(name.split("/", -1));
      assertThat(NamePolicy.PORTABLE.inArchive(portable)).isEqualTo(portable);
      assertThat(NamePolicy.REFUSE.inArchive(portable)).isEqualTo(portable);
    }
  }

  @Test
  void portableName_isKept() {
    for (int i = 0; i < CASES; i++) {
      String name = name();
      if (isPortable(name)) {
        assertThat(NamePolicy.PORTABLE.inArchive(name)).isEqualTo(name);
      }
    }
    assertThat(NamePolicy.PORTABLE.inArchive("a b/c.tar.gz")).isEqualTo("a b/c.tar.gz");
  }

  @Test
  void differentSources_neverGetOneName() {
    for (int archive = 0; archive < 200; archive++) {
      NameRegistry names = new NameRegistry(NamePolicy.PORTABLE);
      Set<String> claimed = new HashSet<>();
      Map<String, String> owners = new HashMap<>();
      for (int source = 0; source < 40; source++) {
        String name = NamePolicy.PORTABLE.inArchive("d/" + name().replace('/', ':'));
        String given = names.claimFile(name, "source " + source);
        assertThat(given).isNotNull();
        assertThat(claimed.add(given)).as(owners + given).isTrue();
        owners.put(given, name);
        assertThat(NamePolicy.PORTABLE.inArchive(given)).isEqualTo(given);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"..", ".", "''", "a/b", "/", "/a", "../a", "a/..", "a//b", "./a"})
  void wayToSomethingElse_isRefused_whateverHappensToNames(String name) {
    for (NamePolicy policy : NamePolicy.values()) {
      assertRefused(() -> policy.requireName("name", name));
      if (!name.isEmpty() && !name.equals("a/b")) {
        assertRefused(() -> policy.requireDirectory("zip_path", name));
      }
    }
  }

  @Test
  void unsafeNames_areNotKept() {
    for (String name : List.of("a\\b", "a\nb", "..", "a//b", "")) {
      assertRefused(() -> NamePolicy.KEEP.part(name));
      assertRefused(() -> NamePolicy.REFUSE.part(name));
    }
    assertRefused(() -> NamePolicy.KEEP.inArchive("C:/x"));
    assertRefused(() -> NamePolicy.KEEP.inArchive(" x"));
    assertThat(NamePolicy.KEEP.requireDirectory("zip_path", "Box 1: l/con/end./"))
        .isEqualTo("Box 1: l/con/end.");
  }

  private static void assertRefused(Runnable check) {
    assertThatThrownBy(check::run)
        .isInstanceOfSatisfying(
            LadingException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_NAME));
  }

  private static boolean isPortable(String name) {
    try {
      for (String segment : name.split("/", -1)) {
        NamePolicy.REFUSE.requireName("name", segment);
      }
      return true;
    } catch (LadingException e) {
      return false;
    }
  }

  private String name() {
    StringBuilder name = new StringBuilder();
    for (int pieces = 1 + random.nextInt(5); pieces > 0; pieces--) {
      name.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return name.toString();
  }
}
