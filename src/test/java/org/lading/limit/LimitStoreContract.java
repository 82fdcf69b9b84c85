package org.lading.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a store of limits promises. */
public abstract class LimitStoreContract {
  private static final long BEGIN = TimeUnit.DAYS.toMicros(20_000);

  /** The store of this test. */
  protected abstract LimitStore store();

  @Test
  void creates_areTakenAsTheRateSays() {
    Random random = new Random(17);
    Rate rate = new Rate(5, Duration.ofSeconds(10));
    long full = 0;
    long now = BEGIN;
    for (int i = 0; i < 300; i++) {
      // Now and then the clock is set back by a little, and by far.
      now += i % 97 == 96 ? -TimeUnit.HOURS.toMicros(1) : random.nextLong(3 * rate.part());
      now -= i % 11 == 10 ? rate.part() : 0;
      long expected = rate.taken(full, now);
      assertThat(store().takeCreate("a", rate, now)).as("request %d", i).isEqualTo(expected);
      full = expected == Rate.REFUSED ? full : expected;
      assertThat(store().creates("a")).isEqualTo(full);
    }
    assertThat(store().creates("b")).isZero();
  }

  @Test
  void bytes_areCountedUntilAsManyAsThereMayBeAreThere_dayByDay() {
    assertThat(store().takeBytes("a", 10, 60, 100)).isTrue();
    assertThat(store().takeBytes("a", 10, 60, 100)).as("40 are left").isTrue();
    assertThat(store().takeBytes("a", 10, 1, 100)).isFalse();
    assertThat(store().bytes("a", 10)).isEqualTo(120);
    store().giveBack("a", 10, 21);
    assertThat(store().takeBytes("a", 10, 1, 100)).isTrue();
    assertThat(store().bytes("a", 10)).isEqualTo(100);
    assertThat(store().bytes("b", 10)).isZero();
    assertThat(store().takeCreate("a", Rate.perMinute(1), BEGIN)).isPositive();
    assertThat(store().bytes("a", 10)).isEqualTo(100);

    assertThat(store().bytes("a", 11)).isZero();
    assertThat(store().takeBytes("a", 11, 5, 100)).isTrue();
    store().giveBack("a", 10, 50);
    assertThat(store().takeBytes("a", 10, 7, 100)).as("at a node that is behind").isTrue();
    assertThat(store().bytes("a", 11)).isEqualTo(12);
  }

  @Test
  void createsAtOnce_areTakenAsOneAfterTheOther() {
    Rate rate = Rate.perMinute(20);
    AtomicInteger taken = new AtomicInteger();
    IntStream.range(0, 100)
        .parallel()
        .forEach(
            i -> {
              if (store().takeCreate("a", rate, BEGIN) != Rate.REFUSED) {
                taken.incrementAndGet();
              }
            });
    assertThat(taken).hasValue(20);
  }
}
