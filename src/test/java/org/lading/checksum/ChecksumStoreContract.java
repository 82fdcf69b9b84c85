package org.lading.checksum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lading.checksum.ChecksumStore.UNKNOWN;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.lading.checksum.ChecksumStore.Checksum;
import org.lading.testing.SettableClock;

/** What every checksum store promises, whatever keeps the rows. */
public abstract class ChecksumStoreContract {
  private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678Z");

  /** What the store has to tell the day by. */
  protected final SettableClock clock = new SettableClock(TIME);

  private final Random random = new Random(11);

  /** An empty store. */
  protected abstract ChecksumStore store();

  @Test
  void forgotten_isWhatWasNotUsedForLong_andItCanBeLearnedAgain() {
    List<ContentId> many =
        IntStream.range(0, 3000).mapToObj(i -> content("r", "d/%04d".formatted(i), "1")).toList();
    ContentId large = new ContentId("r", "large", 5L * PieceChecksums.LENGTH, "1");
    List<Checksum> all = new ArrayList<>(many.stream().map(one -> whole(one, 7)).toList());
    store().put(all);
    store().put(List.of(new Checksum(large, 1, 7)));
    clock.set(TIME.plus(Duration.ofDays(80)));
    assertThat(store().find(many.subList(1500, 1501))).containsExactly(7);

    clock.set(TIME.plus(Duration.ofDays(100)));
    store().forget(TIME.minus(Duration.ofDays(1)), () -> false);
    assertThat(store().find(many)).as("nothing is so old").containsOnly(7);
    store().forget(TIME.plus(Duration.ofDays(101)), () -> true);
    assertThat(store().find(many.subList(0, 1))).as("stopped on the way").containsExactly(7);

    clock.set(TIME.plus(Duration.ofDays(200)));
    store().find(many.subList(1500, 1501));
    store().forget(TIME.plus(Duration.ofDays(150)), () -> false);
    assertThat(store().find(many.subList(1500, 1501))).as("used since").containsExactly(7);
    assertThat(store().find(many.subList(2999, 3000))).containsExactly(UNKNOWN);
    PieceChecksums pieces = new PieceChecksums(large.size());
    store().findPieces(large, pieces);
    assertThat(pieces.has(1)).isFalse();

    store().put(all);
    assertThat(store().find(many)).containsOnly(7);
    // Some of a directory may be needed to find the rest, and goes the next time.
    store().forget(TIME.plus(Duration.ofDays(300)), () -> false);
    store().forget(TIME.plus(Duration.ofDays(300)), () -> false);
    assertThat(store().find(many)).containsOnly(UNKNOWN);
    store().put(all);
    assertThat(store().find(many)).containsOnly(7);
  }

  @Test
  void unknownContent_isUnknown() {
    assertThat(store().find(List.of(content("r", "a/b", "1")))).containsExactly(UNKNOWN);
    assertThat(store().find(List.of())).isEmpty();
  }

  @Test
  void known_isFoundAtItsPlace_alsoTheHighestAndTheLowest() {
    ContentId one = content("r", "a/b", "1");
    ContentId two = content("r", "b", "1");
    ContentId three = content("other", "a/b", "1");
    store().put(List.of(whole(one, 0xFFFF_FFFFL), whole(two, 0), whole(three, 5)));
    ContentId unknown = content("r", "a/c", "1");
    assertThat(store().find(List.of(three, unknown, two, one, one)))
        .containsExactly(5, UNKNOWN, 0, 0xFFFF_FFFFL, 0xFFFF_FFFFL);
  }

  @Test
  void otherContentUnderTheSameKey_isUnknown_untilItTakesItsPlace() {
    ContentId before = content("r", "a", "1");
    ContentId after = content("r", "a", "2");
    store().put(List.of(whole(before, 1)));
    assertThat(store().find(List.of(after))).containsExactly(UNKNOWN);
    store().put(List.of(whole(after, 2)));
    assertThat(store().find(List.of(before, after))).containsExactly(UNKNOWN, 2);
  }

  @Test
  void laterOneOfTwo_isKept() {
    ContentId content = content("r", "a", "1");
    store().put(List.of(whole(content, 1), whole(content, 2)));
    assertThat(store().find(List.of(content))).containsExactly(2);
    store().put(List.of(whole(content, 1), whole(content, 2)));
    assertThat(store().find(List.of(content))).containsExactly(2);
  }

  @Test
  void namesOfEveryKind_areKeptApart() {
    List<ContentId> contents =
        List.of(
            content("r", "", "1"),
            content("r", "/", "1"),
            content("r", "//", "1"),
            content("r", "a", "1"),
            content("r", "a/", "1"),
            content("r", "A", "1"),
            content("r", "a'", "1"),
            content("r", "\ud83d\ude00/\uffff", "1"),
            content("r", "\ud83d\ude00/\ud83d\ude00", "1"),
            content("r", "x".repeat(1024), "\"".repeat(1024)));
    List<Checksum> checksums = new ArrayList<>();
    contents.forEach(content -> checksums.add(whole(content, checksums.size())));
    store().put(checksums);
    assertThat(store().find(contents))
        .containsExactly(IntStream.range(0, contents.size()).asLongStream().toArray());
  }

  @Test
  void manyNamesInAnyOrder_areAllFound() {
    Map<String, Checksum> newest = new HashMap<>();
    List<Checksum> checksums = new ArrayList<>();
    for (int i = 0; i < 12_000; i++) {
      String directory = i % 3 == 0 ? "flat" : "d" + i % 50;
      String key = directory + "/" + random.nextInt(5000);
      Checksum checksum =
          whole(content("r", key, "v" + i % 2), Integer.toUnsignedLong(random.nextInt()));
      checksums.add(checksum);
      newest.put(key, checksum);
    }
    for (int from = 0; from < checksums.size(); from += 700) {
      store().put(checksums.subList(from, Math.min(from + 700, checksums.size())));
    }
    Map<ContentId, Long> expected =
        newest.values().stream().collect(Collectors.toMap(Checksum::content, Checksum::crc32));
    List<ContentId> asked = new ArrayList<>(expected.keySet());
    Collections.shuffle(asked, random);
    long[] found = store().find(asked);
    for (int i = 0; i < found.length; i++) {
      assertThat(found[i]).as(asked.get(i).toString()).isEqualTo(expected.get(asked.get(i)));
    }
    for (int i = 0; i < 200; i++) {
      ContentId one = asked.get(random.nextInt(asked.size()));
      assertThat(store().find(List.of(one))).containsExactly(expected.get(one));
    }
  }

  @Test
  void pieces_areKept_untilTheWholeIsKnown() {
    ContentId content = ContentId.of("r", "large", 3L * PieceChecksums.LENGTH, TIME, "1");
    store().put(List.of(new Checksum(content, 2, 0xFFFF_FFFEL), new Checksum(content, 0, 7)));
    store().put(List.of(new Checksum(content, 0, 8)));

    PieceChecksums pieces = pieces(content);
    assertThat(pieces.has(0)).isTrue();
    assertThat(pieces.nextUnknown(0)).isEqualTo(1);
    assertThat(pieces.has(2)).isTrue();

    PieceChecksums expected = new PieceChecksums(content.size());
    expected.put(0, 8);
    expected.put(1, 9);
    expected.put(2, 0xFFFF_FFFEL);
    pieces.put(1, 9);
    assertThat(pieces.whole()).isEqualTo(expected.whole());

    store().put(List.of(whole(content, pieces.whole())));
    assertThat(pieces(content).nextUnknown(0)).isZero();
    assertThat(pieces(content).has(2)).isFalse();
  }

  @Test
  void piecesThatComeWithTheirWhole_areNotKept() {
    ContentId content = ContentId.of("r", "large", 2L * PieceChecksums.LENGTH, TIME, "1");
    Checksum first = new Checksum(content, 0, 7);
    store().put(List.of(first, new Checksum(content, 1, 8), whole(content, 9)));
    assertThat(pieces(content).has(0)).isFalse();
    store().put(List.of(first));
    store().put(List.of(whole(content, 9)));
    assertThat(pieces(content).has(0)).isFalse();
  }

  @Test
  void piecesOfAnotherContent_areNotThoseOfThis() {
    ContentId before = ContentId.of("r", "large", 3L * PieceChecksums.LENGTH, TIME, "1");
    ContentId after = ContentId.of("r", "large", 3L * PieceChecksums.LENGTH, TIME, "2");
    store().put(List.of(new Checksum(before, 0, 1), new Checksum(before, 1, 2)));
    store().put(List.of(new Checksum(after, 1, 3)));
    assertThat(pieces(after).has(0)).isFalse();
    assertThat(pieces(after).has(1)).isTrue();
    assertThat(pieces(before).has(1)).isFalse();
  }

  private PieceChecksums pieces(ContentId content) {
    PieceChecksums pieces = new PieceChecksums(content.size());
    store().findPieces(content, pieces);
    return pieces;
  }

  private static Checksum whole(ContentId content, long crc32) {
    return new Checksum(content, Checksum.WHOLE, crc32);
  }

  private static ContentId content(String root, String key, String version) {
    return ContentId.of(root, key, 5, TIME, version);
  }
}
