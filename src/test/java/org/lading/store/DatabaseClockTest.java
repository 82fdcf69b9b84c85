package org.lading.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/** How a node follows the time of its database, with answers that take their time. */
class DatabaseClockTest {
  private static final Instant START = Instant.parse("2026-11-27T12:00:00Z");
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** What has passed since the start by the node, and how far the database is ahead of that. */
  private Duration passed = Duration.ZERO;

  private Duration ahead = Duration.ZERO;
  private Duration toAndFro = Duration.ZERO;
  private boolean isAway;

  private final Clock node = Clock.fixed(START.minusSeconds(600), ZoneOffset.UTC);
  private final DatabaseClock clock =
      new DatabaseClock(this::answer, node, () -> 1_000_000 + passed.toNanos());

  private Instant answer() {
    if (isAway) {
      throw new LadingException(ErrorCode.STORAGE_UNAVAILABLE, "The database did not answer");
    }
    passed = passed.plus(toAndFro.dividedBy(2));
    Instant answer = START.plus(passed).plus(ahead);
    passed = passed.plus(toAndFro.dividedBy(2));
    return answer;
  }

  @Test
  void time_isThatOfTheDatabase_andGoesOnWithoutIt() {
    assertThat(clock.instant()).isEqualTo(START);
    assertThat(clock.nodeOffset()).isEqualTo(Duration.ofMinutes(-10));
    passed = Duration.ofHours(1);
    isAway = true;
    clock.measure();
    assertThat(clock.instant()).isEqualTo(START.plusSeconds(3600));
  }

  @Test
  void smallDifference_isSpread_soThatTheTimeNeverGoesBackwards() {
    ahead = Duration.ofMillis(-900);
    clock.measure();
    Instant before = clock.instant();
    assertThat(before).isEqualTo(START);
    for (int i = 0; i < 12; i++) {
      passed = passed.plus(SECOND);
      assertThat(clock.instant()).isAfter(before);
      before = clock.instant();
    }
    assertThat(clock.instant()).isEqualTo(START.plus(passed).plus(ahead));
  }

  @Test
  void answerThatTookLong_correctsOnlyWhatItProves() {
    ahead = Duration.ofMillis(500);
    toAndFro = Duration.ofSeconds(2);
    clock.measure();
    passed = passed.plus(SECOND.multipliedBy(20));
    assertThat(clock.instant()).isEqualTo(START.plus(passed));

    toAndFro = Duration.ofMillis(200);
    clock.measure();
    passed = passed.plus(SECOND.multipliedBy(20));
    assertThat(clock.instant()).isEqualTo(START.plus(passed).plusMillis(400));
  }

  @Test
  void databaseWhoseClockIsSet_isFollowedAtOnce() {
    ahead = Duration.ofMinutes(-7);
    clock.measure();
    assertThat(clock.instant()).isEqualTo(START.minus(Duration.ofMinutes(7)));
    assertThat(clock.nodeOffset()).isEqualTo(Duration.ofMinutes(-3));
  }
}
