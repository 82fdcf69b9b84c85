package org.lading.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lading.health.RecentHour.Minute;
import org.lading.health.RecentHour.Sample;

class RecentHourTest {
  private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

  private final RecentHour hour = new RecentHour();

  @Test
  void withoutSamples_nothingIsKnown() {
    assertThat(hour.minutes(START))
        .hasSize(60)
        .allMatch(minute -> Double.isNaN(minute.creates()) && Double.isNaN(minute.waiting()));
  }

  @Test
  void counters_areToldByMinute_andNothingIsCountedTwiceOrLost() {
    for (int i = 0; i <= 500; i++) {
      hour.add(new Sample(START.plusSeconds(10L * i), i, 1000.0 * i, Math.floor(i / 60.0), i % 7));
    }

    List<Minute> minutes = hour.minutes(START.plusSeconds(5003));

    assertThat(minutes).hasSize(60).allMatch(minute -> minute.creates() == 6);
    assertThat(minutes).allMatch(minute -> minute.bytesPerSecond() == 100);
    assertThat(minutes.stream().mapToDouble(Minute::failures).sum()).isEqualTo(6);
    assertThat(minutes).allMatch(minute -> minute.waiting() >= 5);
  }

  @Test
  void minutesBeforeTheStart_andQueuesThatNobodyTold_areUnknown() {
    for (int i = 0; i <= 6; i++) {
      hour.add(new Sample(START.plusSeconds(10L * i), i, 0, 0, Double.NaN));
    }
    List<Minute> minutes = hour.minutes(START.plusSeconds(60));
    assertThat(minutes.get(59).creates()).isEqualTo(6);
    assertThat(minutes.get(59).waiting()).isNaN();
    assertThat(minutes.get(58).creates()).isNaN();
  }

  @Test
  void clockThatIsSetBack_beginsAnew() {
    hour.add(new Sample(START.plusSeconds(3600), 5, 0, 0, 0));
    hour.add(new Sample(START, 5, 0, 0, 0));
    hour.add(new Sample(START.plusSeconds(10), 7, 0, 0, 0));
    assertThat(hour.minutes(START.plusSeconds(10)).get(59).creates()).isEqualTo(2);
  }
}
