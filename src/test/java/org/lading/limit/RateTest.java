package org.lading.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a rate promises, of any requests at any times. */
class RateTest {
  private static final long BEGIN = TimeUnit.DAYS.toMicros(20_000);
  private static final long SEED = 17;

  @Test
  void inAnyTime_atMostTheQuotaComes_andWhatGrowsBackMeanwhile() {
    Random random = new Random(SEED);
    for (int round = 0; round < 100; round++) {
      Rate rate = rate(random);
      List<Long> times = let(rate, random, 500);
      long excess = 0;
      for (int first = 0; first < times.size(); first++) {
        for (int last = first; last < times.size(); last++) {
          long grown = (times.get(last) - times.get(first)) / rate.part();
          excess = Math.max(excess, last - first + 1L - rate.quota() - grown);
        }
      }
      assertThat(excess).as("%s", rate).isZero();
    }
  }

  @Test
  void requests_areRefusedOnlyWhenTheQuotaIsUsed_andComeWhenTheyAreTold() {
    Random random = new Random(SEED);
    for (int round = 0; round < 50; round++) {
      Rate rate = rate(random);
      long full = 0;
      long now = BEGIN;
      // The quota as a bucket has it, in parts of a request.
      double left = rate.quota();
      for (int i = 0; i < 200; i++) {
        long step = random.nextLong(2 * rate.part());
        now += step;
        left = Math.min((double) rate.quota(), left + (double) step / (double) rate.part());
        assertThat(rate.remaining(full, now)).isBetween((long) (left - 1e-6), (long) (left + 1e-6));
        long wait = rate.untilNext(full, now);
        assertThat(wait == 0).isEqualTo(rate.taken(full, now) != Rate.REFUSED);
        if (wait > 0) {
          assertThat(rate.taken(full, now + wait - 1)).isEqualTo(Rate.REFUSED);
          now += wait;
          left = Math.min((double) rate.quota(), left + (double) wait / (double) rate.part());
        }
        full = rate.taken(full, now);
        left--;
        assertThat(full).isNotEqualTo(Rate.REFUSED);
        assertThat(rate.untilFull(full, now)).isBetween(1L, rate.whole());
      }
    }
  }

  @Test
  void wholeQuota_comesAtOnce_andNotOneMore() {
    for (long quota : new long[] {1, 7, 60, 1_000, 70_001}) {
      Rate rate = Rate.perMinute(quota);
      long full = 0;
      for (long i = 0; i < quota; i++) {
        full = rate.taken(full, BEGIN);
        assertThat(full).isNotEqualTo(Rate.REFUSED);
      }
      assertThat(rate.taken(full, BEGIN)).as("%d", quota).isEqualTo(Rate.REFUSED);
      assertThat(rate.remaining(full, BEGIN)).isZero();
    }
  }

  @Test
  void clockThatIsSetBack_keepsNobodyOutForLongerThanNodesMayDiffer() {
    Rate rate = Rate.perMinute(1);
    long hour = TimeUnit.HOURS.toMicros(1);
    long full = rate.taken(0, BEGIN + hour);
    assertThat(rate.taken(full, BEGIN)).isEqualTo(BEGIN + rate.part());
    long behind = BEGIN + hour - TimeUnit.MINUTES.toMicros(4);
    assertThat(rate.taken(full, behind)).as("at a node that is behind").isEqualTo(Rate.REFUSED);
  }

  private static Rate rate(Random random) {
    return new Rate(1 + random.nextInt(50), Duration.ofSeconds(1 + random.nextInt(120)));
  }

  /** Lets requests come in bursts, and returns when those came that were not refused. */
  private static List<Long> let(Rate rate, Random random, int requests) {
    List<Long> times = new ArrayList<>();
    long full = 0;
    long now = BEGIN;
    for (int i = 0; i < requests; i++) {
      now += random.nextInt(4) == 0 ? random.nextLong(3 * rate.part()) : 0;
      long next = rate.taken(full, now);
      if (next != Rate.REFUSED) {
        full = next;
        times.add(now);
      }
    }
    return times;
  }
}
