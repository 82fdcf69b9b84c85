package org.lading.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.lading.base.Abandonable;

/** When a reading asks its source, and what it shows meanwhile. */
class ReadingTest {
  private static final Reading.Times TIMES =
      new Reading.Times(Duration.ofSeconds(1), Duration.ofMillis(1), Duration.ofSeconds(30));

  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger calls = new AtomicInteger();
  private final Queue<Runnable> waiting = new ArrayDeque<>();

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void value_isReadAgain_onceItIsNoLongerFresh() {
    Reading<Integer> reading =
        new Reading<>(calls::incrementAndGet, -1, Runnable::run, nanos::get, TIMES);

    assertThat(reading.get()).isEqualTo(1);
    pass(Duration.ofMillis(999));
    assertThat(reading.get()).isEqualTo(1);
    pass(Duration.ofMillis(1));
    assertThat(reading.get()).isEqualTo(2);
  }

  @Test
  void sourceThatHangs_isAskedOnce_andTheLastValueCountsForAWhile() {
    Reading<Integer> reading =
        new Reading<>(calls::incrementAndGet, -1, waiting::add, nanos::get, TIMES);
    assertThat(reading.get()).as("none yet").isNull();
    waiting.remove().run();
    assertThat(reading.get()).isEqualTo(1);

    pass(Duration.ofSeconds(10));
    assertThat(reading.get()).isEqualTo(1);
    assertThat(reading.get()).isEqualTo(1);
    assertThat(waiting).hasSize(1);
    pass(Duration.ofSeconds(21));
    assertThat(reading.get()).as("too old").isNull();
    pass(Duration.ofSeconds(10));
    waiting.remove().run();
    assertThat(reading.get()).as("of a call that began too long ago").isNull();
    waiting.remove().run();
    assertThat(reading.get()).isEqualTo(3);
  }

  @Test
  void sourceThatFails_orIsGivenUp_orIsNotAsked_showsThat() {
    Reading<Integer> failing =
        new Reading<>(
            () -> {
              throw new IllegalStateException("away");
            },
            -1,
            Runnable::run,
            nanos::get,
            TIMES);
    Reading<Integer> rejected =
        new Reading<>(
            calls::incrementAndGet,
            -1,
            task -> {
              throw new RejectedExecutionException("the application stops");
            },
            nanos::get,
            TIMES);
    Reading<Integer> hanging =
        new Reading<>(calls::incrementAndGet, -1, waiting::add, nanos::get, TIMES);

    assertThat(failing.get()).isEqualTo(-1);
    assertThat(rejected.get()).isEqualTo(-1);
    assertThat(hanging.get()).isNull();
    ((Abandonable) waiting.remove()).abandon(new IllegalStateException("stuck"));
    assertThat(hanging.get()).isEqualTo(-1);
    pass(Duration.ofSeconds(1));
    assertThat(hanging.get()).isEqualTo(-1);
    assertThat(waiting).as("asked again").hasSize(1);
  }
}
