package org.lading.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a pacer promises, of any who send at any times. */
class PacerTest {
  private static final int BUFFER = 64 << 10;
  private static final long RATE = 10_000_000;
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private long now;
  private long wakeAt = Long.MAX_VALUE;
  private Runnable wake;
  private final Pacer pacer =
      new Pacer(
          RATE,
          (task, nanos) -> {
            wake = task;
            wakeAt = now + nanos;
          },
          () -> now);

  /** What each sender has sent. */
  private final long[] sent = new long[8];

  private long total;
  private final Deque<long[]> begins = new ArrayDeque<>();

  @Test
  void inAnyTime_noMoreIsSentThanTheRate_andABurst() {
    Random random = new Random(17);
    for (int i = 0; i < sent.length; i++) {
      send(i);
    }
    for (int i = 0; i < 4_000; i++) {
      now += random.nextInt(10) == 0 ? random.nextLong(SECOND / 2) : random.nextLong(SECOND / 500);
      if (now >= wakeAt) {
        wakeAt = Long.MAX_VALUE;
        wake.run();
      }
      boolean isOver = false;
      begins.add(new long[] {now, total});
      if (begins.size() > 30) {
        begins.removeFirst();
      }
      for (long[] begin : begins) {
        double most = RATE / 20.0 + BUFFER + (now - begin[0]) * (double) RATE / SECOND;
        isOver |= total - begin[1] > most + 1;
      }
      assertThat(isOver).as("at %d ns", now).isFalse();
    }
    long least = Arrays.stream(sent).min().orElseThrow();
    long greatest = Arrays.stream(sent).max().orElseThrow();
    assertThat(greatest - least).as("of %s", Arrays.toString(sent)).isLessThanOrEqualTo(BUFFER);
  }

  @Test
  void allIsSentThatMayBe_alsoWhereOneTakesLess_andWhatIsGivenBackIsThereAgain() {
    for (int i = 1; i < 4; i++) {
      send(i);
    }
    while (now < 10 * SECOND) {
      now = wakeAt;
      wakeAt = Long.MAX_VALUE;
      wake.run();
      if (total % (100L * BUFFER) == 0) {
        // This one asks now and then, and sends a tenth of a buffer.
        if (pacer.take(BUFFER, () -> giveBack(0))) {
          giveBack(0);
        }
      }
    }
    long rate = total * SECOND / now;
    assertThat(rate).isBetween(RATE * 98 / 100, RATE * 101 / 100);
    assertThat(sent[1] - sent[3]).isBetween(-(long) BUFFER, (long) BUFFER);
  }

  private void giveBack(int sender) {
    sent[sender] += BUFFER / 10;
    total += BUFFER / 10;
    pacer.giveBack(BUFFER - BUFFER / 10);
  }

  /** Sends buffer after buffer, as long as there is one to be had. */
  private void send(int sender) {
    while (pacer.take(BUFFER, () -> sendGiven(sender))) {
      count(sender);
    }
  }

  private void sendGiven(int sender) {
    count(sender);
    send(sender);
  }

  private void count(int sender) {
    sent[sender] += BUFFER;
    total += BUFFER;
  }
}
