package org.lading.manifest.names;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

class NameRegistryTest {
  private final NameRegistry names = new NameRegistry(NamePolicy.REFUSE);

  @Test
  void otherSourceOfAName_isNumberedBeforeTheExtension() {
    assertThat(names.claimFile("d.d/a.tar.gz", "1")).isEqualTo("d.d/a.tar.gz");
    assertThat(names.claimFile("d.d/a.tar.gz", "2")).isEqualTo("d.d/a.tar (2).gz");
    assertThat(names.claimFile("d.d/a.tar.gz", "3")).isEqualTo("d.d/a.tar (3).gz");
    assertThat(names.claimFile("d.d/none", "1")).isEqualTo("d.d/none");
    assertThat(names.claimFile("d.d/none", "2")).isEqualTo("d.d/none (2)");
    assertThat(names.claimFile("d.d/.hidden", "1")).isEqualTo("d.d/.hidden");
    assertThat(names.claimFile("d.d/.hidden", "2")).isEqualTo("d.d/.hidden (2)");
  }

  @Test
  void numberThatIsTaken_isSkipped() {
    names.claimFile("a (2).txt", "1");
    names.claimFile("a.txt", "2");
    assertThat(names.claimFile("a.txt", "3")).isEqualTo("a (3).txt");
    assertThat(names.claimFile("a (3).txt", "4")).isEqualTo("a (3) (2).txt");
  }

  @Test
  void numberedName_isShortenedToWhatAFileSystemHolds_beforeTheExtension() {
    String letters = "n".repeat(251);
    assertThat(names.claimFile("d/" + letters + ".txt", "1")).isEqualTo("d/" + letters + ".txt");
    assertThat(names.claimFile("d/" + letters + ".txt", "2"))
        .isEqualTo("d/" + "n".repeat(247) + " (2).txt");
    // Two bytes and three bytes a character: none is cut in the middle.
    String wide = "\u00e4".repeat(120) + "\u6f22".repeat(5);
    assertThat(names.claimFile(wide, "1")).isEqualTo(wide);
    assertThat(names.claimFile(wide, "2")).isEqualTo(wide.substring(0, 123) + " (2)");
    String pairs = "\ud83d\udea2".repeat(63);
    names.claimFile(pairs, "1");
    assertThat(names.claimFile(pairs, "2")).isEqualTo(pairs.substring(0, 2 * 62) + " (2)");
    // An extension that long is none.
    String dotted = "a." + "x".repeat(253);
    names.claimFile(dotted, "1");
    assertThat(names.claimFile(dotted, "2")).isEqualTo("a." + "x".repeat(249) + " (2)");
    // Content may be called so in a bucket; what is made of it is not.
    names.claimFile("k".repeat(1000), "1");
    assertThat(names.claimFile("k".repeat(1000), "2")).isEqualTo("k".repeat(251) + " (2)");
  }

  @Test
  void namesThatAreAlikeOnceShortened_getDifferentNumbers_inNoQuadraticTime() {
    Set<String> given = new HashSet<>();
    for (int i = 0; i < 20_000; i++) {
      String name = "n".repeat(250) + String.format("%05d", i);
      assertThat(given.add(names.claimFile(name, "1"))).isTrue();
      String numbered = names.claimFile(name, "2");
      assertThat(given.add(numbered)).isTrue();
      assertThat(numbered).hasSize(255);
    }
  }

  @Test
  void nameThatWasMadeUp_isNotHeldAgainstADirectoryOfTheRequest() {
    names.claimFile("a", "1");
    assertThat(names.claimFile("a", "2")).isEqualTo("a (2)");
    assertThat(names.claimFile("a (2)/x/y", "3")).isEqualTo("a (2) (2)/x/y");
    assertThat(names.claimFile("a (2)/x/z", "4")).isEqualTo("a (2) (2)/x/z");
    assertThat(names.claimFile("a (2)/x/z", "4")).isNull();
    assertThat(names.claimFile("a (2)/x/z", "5")).isEqualTo("a (2) (2)/x/z (2)");
    assertThat(names.claimDirectory("a (2)/x")).isNull();
    assertThat(names.claimDirectory("a (2)")).isNull();
    assertThat(names.claimDirectory("a (2)/x/z (2)")).isEqualTo("a (2) (2)/x/z (2) (2)");
    // The directory's name was made up too.
    assertThat(names.claimFile("a (2) (2)", "6")).isEqualTo("a (2) (2) (2)");
    assertThat(names.claimFile("a (2) (2)/x/y", "7")).isEqualTo("a (2) (2) (3)/x/y");
    assertInvalid(() -> names.claimFile("a/b", "8"));
  }

  @Test
  void emptyDirectory_whoseNameWasMadeUpForAFile_isNotLost() {
    names.claimFile("a", "1");
    names.claimFile("a", "2");
    assertThat(names.claimDirectory("a (2)")).isEqualTo("a (2) (2)");
    assertThat(names.claimDirectory("a (2)")).isNull();
  }

  @Test
  void sameSource_countsOnce_alsoAfterItWasNumbered() {
    names.claimFile("a", "1");
    names.claimFile("a", "2");
    assertThat(names.claimFile("a", "1")).isNull();
    assertThat(names.claimFile("a", "2")).isNull();
    assertThat(names.claimFile("b", "1")).isEqualTo("b");
  }

  @Test
  void directory_countsOnce() {
    assertThat(names.claimDirectory("d")).isEqualTo("d");
    assertThat(names.claimDirectory("d")).isNull();
    names.claimFile("e/f/g", "1");
    assertThat(names.claimDirectory("e/f")).isNull();
    assertThat(names.claimDirectory("e")).isNull();
  }

  @Test
  void nameOfAFileAndADirectory_isRefused() {
    names.claimFile("a/b", "1");
    names.claimFile("c", "1");
    for (Runnable claim :
        new Runnable[] {
          () -> names.claimFile("a", "2"),
          () -> names.claimFile("c/d", "2"),
          () -> names.claimFile("a/b/c/d", "2"),
          () -> names.claimDirectory("c"),
          () -> names.claimDirectory("a/b"),
        }) {
      assertInvalid(claim::run);
    }
  }

  @Test
  void nameOfAFileAndADirectory_isNumbered_whereNamesAreMadePortable() {
    NameRegistry portable = new NameRegistry(NamePolicy.PORTABLE);
    assertThat(portable.claimFile("d/a.b", "1")).isEqualTo("d/a.b");
    assertThat(portable.claimFile("d/a.b/x/y", "2")).isEqualTo("d/a (2).b/x/y");
    assertThat(portable.claimFile("d/a.b/x/y", "2")).isNull();
    assertThat(portable.claimFile("d/a.b", "1")).isNull();
    assertThat(portable.claimFile("d/a.b", "3")).isEqualTo("d/a (3).b");
    assertThat(portable.claimDirectory("d/a.b")).isNull();
    assertThat(portable.claimDirectory("d/a.b/x/y")).isEqualTo("d/a (2).b/x/y (2)");
    assertThat(portable.claimFile("d", "4")).isEqualTo("d (2)");
    assertThat(portable.claimFile("d", "4")).isNull();
    assertThat(portable.claimFile("d/z", "5")).isEqualTo("d/z");
    assertThat(portable.claimFile("d (2)/z", "6")).isEqualTo("d (2) (2)/z");
  }

  @Test
  void randomClaims_whereNamesAreMadePortable_neverGiveAFileTheNameOfADirectory() {
    Random random = new Random(17);
    for (int archive = 0; archive < 500; archive++) {
      NameRegistry portable = new NameRegistry(NamePolicy.PORTABLE);
      Set<String> files = new HashSet<>();
      Set<String> directories = new HashSet<>();
      for (int i = 0; i < 100; i++) {
        StringBuilder name = new StringBuilder();
        for (int level = random.nextInt(3); level >= 0; level--) {
          name.append("ab".charAt(random.nextInt(2))).append(random.nextInt(4) == 0 ? " (2)" : "");
          name.append(level == 0 ? "" : "/");
        }
        boolean isFile = random.nextInt(4) > 0;
        String claimed =
            isFile
                ? portable.claimFile(name.toString(), "s" + random.nextInt(5))
                : portable.claimDirectory(name.toString());
        if (claimed != null) {
          assertThat((isFile ? files : directories).add(claimed)).as(claimed).isTrue();
          for (int at = claimed.indexOf('/'); at > 0; at = claimed.indexOf('/', at + 1)) {
            directories.add(claimed.substring(0, at));
          }
          assertThat(Collections.disjoint(files, directories)).as(claimed).isTrue();
        }
      }
    }
  }

  @Test
  void nameThatClashes_behindManyInOrder_isFound() {
    for (int i = 100_000; i < 200_000; i++) {
      assertThat(names.claimFile("d/" + i + "/f", "s" + i)).isEqualTo("d/" + i + "/f");
    }
    assertThat(names.claimDirectory("d/2")).isEqualTo("d/2");
    assertThat(names.claimFile("d/150000/f", "s150000")).isNull();
    assertThat(names.claimFile("d/150000/f", "other")).isEqualTo("d/150000/f (2)");
    assertThat(names.claimFile("d/150000/f", "s150000")).isNull();
    assertThat(names.claimDirectory("d/2")).isNull();
    assertThat(names.claimDirectory("d/100000")).isNull();
    assertInvalid(() -> names.claimFile("d/199999", "x"));
    assertInvalid(() -> names.claimFile("d/123456/f/x", "x"));
  }

  @Test
  void fileThatIsALaterDirectory_withNamesBetween_isRefused() {
    for (String name : List.of("d/a", "d/a b", "d/a b/c", "d/a!", "d/a-", "d/a.x")) {
      NameRegistry registry = new NameRegistry(NamePolicy.REFUSE);
      registry.claimFile("d/a", "1");
      if (name.startsWith("d/a ") && name.endsWith("c")) {
        registry.claimFile("d/a b/a", "1");
      }
      if (!name.equals("d/a")) {
        assertThat(registry.claimFile(name, "2")).isEqualTo(name);
      }
      assertInvalid(() -> registry.claimFile("d/a/x", "3"));
    }
  }

  @Test
  void directoryThatIsALaterFile_isRefused() {
    names.claimDirectory("d/a");
    assertThat(names.claimFile("d/a/b", "1")).isEqualTo("d/a/b");
    assertInvalid(() -> names.claimFile("d/a", "2"));
  }

  @Test
  void emptyDirectoryBehindAFileOfItsName_isRefused() {
    names.claimFile("d/a", "1");
    assertThat(names.claimFile("d/a!", "1")).isEqualTo("d/a!");
    assertInvalid(() -> names.claimDirectory("d/a"));
  }

  @Test
  void oneNameForManySources_takesNoQuadraticTime() {
    for (int i = 1; i <= 200_000; i++) {
      assertThat(names.claimFile("x.txt", "source " + i))
          .isEqualTo(i == 1 ? "x.txt" : "x (" + i + ").txt");
    }
  }

  @Test
  void deepNames_takeNoTimeForTheLevelsTheyShare() {
    String deep = "d/".repeat(8_000);
    assertTimeout(
        Duration.ofSeconds(20),
        () -> {
          for (int i = 0; i < 2_000; i++) {
            String name = deep + random(i) + "/f";
            assertThat(names.claimFile(name, "s")).isEqualTo(name);
          }
        });
    assertThat(names.claimDirectory(deep + "d")).isEqualTo(deep + "d");
    assertThat(names.claimDirectory(deep.substring(0, 8_001))).isNull();
    assertInvalid(() -> names.claimFile(deep.substring(0, 7_999), "s"));
  }

  @Test
  void deepNamesInDirectoriesWithNumbers_takeNoTimeForTheLevelsTheyShare() {
    StringBuilder requested = new StringBuilder();
    StringBuilder claimed = new StringBuilder();
    for (int level = 0; level < 200; level++) {
      names.claimFile(requested + "x", "1");
      assertThat(names.claimFile(requested + "x", "2")).isEqualTo(claimed + "x (2)");
      requested.append("x (2)/");
      claimed.append("x (2) (2)/");
    }
    assertTimeout(
        Duration.ofSeconds(20),
        () -> {
          for (int i = 0; i < 2_000; i++) {
            String rest = random(i) + "/f" + i;
            assertThat(names.claimFile(requested + rest, "s")).isEqualTo(claimed + rest);
          }
        });
  }

  @Test
  void fileThatIsTheBeginningOfManyOthers_isNoDirectory() {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < 1_000; i++) {
      assertThat(names.claimFile(name.append('a').toString(), "s")).hasSize(i + 1);
    }
    for (int i = 1_000; i < 2_000; i++) {
      assertThat(names.claimFile(name + "b" + i, "s")).isEqualTo(name + "b" + i);
    }
    assertInvalid(() -> names.claimFile(name + "/x", "s"));
    assertInvalid(() -> names.claimFile(name.substring(0, 500) + "/x", "s"));
  }

  private static int random(int i) {
    return (i * 7_919) % 2_000;
  }

  @Test
  void randomClaims_neverGiveOneNameTwice() {
    Random random = new Random(7);
    Set<String> given = new HashSet<>();
    for (int i = 0; i < 100_000; i++) {
      String name =
          "d"
              + random.nextInt(20)
              + "/n"
              + random.nextInt(300)
              + (random.nextBoolean() ? "" : " (2)");
      String claimed = names.claimFile(name, "s" + random.nextInt(50));
      if (claimed != null) {
        assertThat(given.add(claimed)).as(claimed).isTrue();
      }
    }
  }

  @Test
  void longTable_keepsWhatAMapKeeps() {
    Random random = new Random(11);
    LongHashMap table = new LongHashMap();
    Map<Long, Long> expected = new HashMap<>();
    for (int i = 0; i < 300_000; i++) {
      long key = i % 7 == 0 ? random.nextInt(100) - 50L : random.nextLong();
      long value = random.nextLong() | 1;
      table.put(key, value);
      expected.put(key == 0 ? 1 : key, value);
    }
    expected.forEach((key, value) -> assertThat(table.get(key)).isEqualTo(value));
    for (int i = 0; i < 10_000; i++) {
      long absent = random.nextLong();
      assertThat(table.get(absent)).isEqualTo(expected.getOrDefault(absent, LongHashMap.ABSENT));
    }
  }

  private static void assertInvalid(ThrowingCallable claim) {
    assertThatThrownBy(claim)
        .isInstanceOfSatisfying(
            LadingException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_NAME));
  }
}
