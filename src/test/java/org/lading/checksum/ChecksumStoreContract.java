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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
    clock.set(after(80));
    assertThat(store().find(many.subList(1500, 1501))).containsExactly(7);

    store().forget(TIME.minus(Duration.ofDays(1)), () -> false);
    assertThat(store().find(many.subList(0, 1500))).as("nothing is so old").containsOnly(7);
    store().forget(after(500), () -> true);
    assertThat(store().find(many.subList(1500, 1501))).as("stopped").containsExactly(7);

    store().forget(after(79), () -> false);
    assertThat(store().find(many.subList(0, 1501))).as("used since").containsOnly(7);
    assertThat(store().find(many.subList(1501, 3000))).containsOnly(UNKNOWN);
    assertThat(pieces(large).has(1)).isFalse();

    store().put(all);
    assertThat(store().find(many)).containsOnly(7);
    store().forget(after(500), () -> false);
    assertThat(store().find(many)).containsOnly(UNKNOWN);
    store().put(all);
    assertThat(store().find(many)).containsOnly(7);
  }

  @Test
  void usedAgainAndAgain_isNeverForgottenTooEarly() {
    ContentId content = content("r", "a", "1");
    ContentId large = new ContentId("r", "large", 5L * PieceChecksums.LENGTH, "1");
    store().put(List.of(whole(content, 7), new Checksum(large, 1, 7)));
    for (int day = 1; day < 400; day += 13) {
      clock.set(after(day));
      assertThat(store().find(List.of(content))).as("day %d", day).containsExactly(7);
      assertThat(pieces(large).has(1)).as("day %d", day).isTrue();
      store().forget(after(day), () -> false);
    }
    store().forget(after(500), () -> false);
    assertThat(store().find(List.of(content))).containsExactly(UNKNOWN);
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
  void otherContentUnderTheSameKey_isAnother() {
    ContentId before = content("r", "a", "1");
    ContentId after = content("r", "a", "2");
    ContentId longer = new ContentId(before.root(), before.key(), 6, before.version());
    store().put(List.of(whole(before, 1)));
    assertThat(store().find(List.of(after, longer))).containsOnly(UNKNOWN);
    store().put(List.of(whole(after, 2)));
    assertThat(store().find(List.of(before, after, longer))).containsExactly(1, 2, UNKNOWN);
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
    Map<ContentId, Long> expected = new HashMap<>();
    List<Checksum> checksums = new ArrayList<>();
    for (int i = 0; i < 12_000; i++) {
      String directory = i % 3 == 0 ? "flat" : "d" + i % 50;
      ContentId content = content("r", directory + "/" + random.nextInt(5000), "v" + i % 2);
      long crc32 = Integer.toUnsignedLong(random.nextInt());
      checksums.add(whole(content, crc32));
      expected.put(content, crc32);
    }
    for (int from = 0; from < checksums.size(); from += 700) {
      store().put(checksums.subList(from, Math.min(from + 700, checksums.size())));
    }
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
  void moreAtOnceThanADatabaseTakesParameters_areFound() {
    List<Checksum> checksums = new ArrayList<>();
    for (int i = 0; i < 70_000; i++) {
      checksums.add(whole(content("r", "d" + i / 1000 + "/" + i, "1"), i));
    }
    store().put(checksums);
    assertThat(store().find(checksums.stream().map(Checksum::content).toList()))
        .containsExactly(IntStream.range(0, 70_000).asLongStream().toArray());
  }

  @Test
  void sameContentsWrittenAtOnce_areKept_andNobodyFails() throws Exception {
    List<Checksum> checksums = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      checksums.add(whole(content("r", "d/" + i, "1"), i));
    }
    List<Checksum> backwards = new ArrayList<>(checksums);
    Collections.reverse(backwards);
    ExecutorService nodes = Executors.newFixedThreadPool(2);
    try {
      Future<?> one = nodes.submit(() -> store().put(checksums));
      Future<?> other = nodes.submit(() -> store().put(backwards));
      one.get();
      other.get();
    } finally {
      nodes.shutdown();
    }
    assertThat(store().find(checksums.stream().map(Checksum::content).toList()))
        .containsExactly(IntStream.range(0, 3000).asLongStream().toArray());
  }

  @Test
  void pieces_areKept() {
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
    assertThat(store().find(List.of(content))).containsExactly(UNKNOWN);
  }

  @Test
  void pieceThatIsKnownAlready_isNotReplaced() {
    ContentId content = ContentId.of("r", "large", 2L * PieceChecksums.LENGTH, TIME, "1");
    store().put(List.of(new Checksum(content, 0, 7), new Checksum(content, 1, 8)));
    PieceChecksums pieces = new PieceChecksums(content.size());
    pieces.put(0, 1);
    store().findPieces(content, pieces);
    PieceChecksums expected = new PieceChecksums(content.size());
    expected.put(0, 1);
    expected.put(1, 8);
    assertThat(pieces.whole()).isEqualTo(expected.whole());
  }

  @Test
  void piecesOfAVeryLargeContent_areAllFound() {
    ContentId content = ContentId.of("r", "large", 2500L * PieceChecksums.LENGTH, TIME, "1");
    List<Checksum> checksums = new ArrayList<>();
    for (int piece = 0; piece < 2500; piece++) {
      if (piece != 1700) {
        checksums.add(new Checksum(content, piece, piece));
      }
    }
    store().put(checksums);
    PieceChecksums pieces = pieces(content);
    assertThat(pieces.nextUnknown(0)).isEqualTo(1700);
    assertThat(pieces.nextUnknown(1701)).isEqualTo(2500);
  }

  @Test
  void piecesOfAnotherContent_areNotThoseOfThis() {
    ContentId before = ContentId.of("r", "large", 3L * PieceChecksums.LENGTH, TIME, "1");
    ContentId after = ContentId.of("r", "large", 3L * PieceChecksums.LENGTH, TIME, "2");
    store().put(List.of(new Checksum(before, 0, 1), new Checksum(before, 1, 2)));
    store().put(List.of(new Checksum(after, 1, 3)));
    assertThat(pieces(after).has(0)).isFalse();
    assertThat(pieces(after).has(1)).isTrue();
    assertThat(pieces(before).has(2)).isFalse();
  }

  private static Instant after(int days) {
    return TIME.plus(Duration.ofDays(days));
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
