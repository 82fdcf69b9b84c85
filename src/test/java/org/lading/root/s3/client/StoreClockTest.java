package org.lading.root.s3.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lading.testing.BareObjects;
import org.lading.testing.SettableClock;
import software.amazon.awssdk.http.SdkHttpResponse;

/** What answers of a store tell of its clock. */
class StoreClockTest {
  private static final Instant NOW = Instant.parse("2026-02-03T04:05:06.700Z");

  private final SettableClock clock = new SettableClock(NOW);
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  private final StoreClock store = new StoreClock("root1", clock, nanos::get);

  @ParameterizedTest
  @CsvSource({
    // The date has whole seconds, and the answer took 400 ms.
    "2026-02-03T04:05:06Z, PT0S",
    "2026-02-03T04:05:05Z, -PT1.7S",
    "2026-02-03T04:05:07Z, PT0.3S",
    "2026-02-02T23:05:06Z, -PT5H0.7S",
    "2026-02-03T17:05:06Z, PT12H59M59.3S",
  })
  void date_isComparedWithTheTimeOfTheCall(Instant date, Duration ahead) {
    answer(200, date);
    assertThat(Duration.between(NOW, store.signingTime().instant())).isEqualTo(ahead);
  }

  @Test
  void store_thatNeverTold_hasTheTimeOfThisMachine() {
    assertThat(store.isKnown()).isFalse();
    assertThat(store.signingTime().instant()).isEqualTo(NOW);
    answer(500, NOW.minus(Duration.ofHours(5)));
    assertThat(store.isKnown()).as("an answer of a proxy").isFalse();
    store.answered(SdkHttpResponse.builder().statusCode(200).build(), NOW.toEpochMilli(), null);
    assertThat(store.isKnown()).as("a store without a date").isTrue();
    assertThat(store.warning()).isEmpty();
    assertThat(store.signingTime().instant()).isEqualTo(NOW);
  }

  @Test
  void refusal_tellsTheTimeToo() {
    answer(403, NOW.minus(Duration.ofHours(5)));
    assertThat(store.isKnown()).isTrue();
    assertThat(store.warning()).get().asString().contains("5 h 0 min earlier");
  }

  @Test
  void knowledge_isOverAfterAWhile() {
    answer(200, NOW);
    pass(StoreClock.MAX_AGE.minusSeconds(1));
    assertThat(store.isKnown()).isTrue();
    pass(Duration.ofSeconds(1));
    assertThat(store.isKnown()).isFalse();
    store.didNotAnswer();
    assertThat(store.isKnown()).isTrue();
    pass(StoreClock.MAX_SILENCE);
    assertThat(store.isKnown()).isFalse();
  }

  @Test
  void knowledge_isOverWhenTheMachinesClockIsSet() {
    answer(200, NOW.plus(Duration.ofHours(5)));
    clock.set(clock.instant().plus(Duration.ofHours(5)));
    assertThat(store.isKnown()).isFalse();
    answer(200, clock.instant());
    assertThat(store.isKnown()).isTrue();
    assertThat(store.warning()).isEmpty();
  }

  private void pass(Duration time) {
    clock.set(clock.instant().plus(time));
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void timeOfARefusal_thatAnAcceptedSignatureConfirms_countsMoreThanAnotherDate() {
    answer(403, NOW.minus(Duration.ofHours(5)), "20260203T040506Z");
    answer(200, NOW, "20260202T230506Z");
    assertThat(store.warning()).get().asString().contains("5 h 0 min earlier");
    assertThat(store.signingTime().instant())
        .isBetween(NOW.minusSeconds(5 * 3600 + 2), NOW.minusSeconds(5 * 3600 - 1));
    answer(200, NOW.minusSeconds(5 * 3600 + 30), "20260202T230506Z");
    assertThat(store.signingTime().instant()).isBefore(NOW.minusSeconds(5 * 3600 + 29));
    answer(200, NOW, "20260203T040506Z");
    assertThat(store.warning()).as("the machine's time was accepted").isEmpty();
    answer(200, NOW.plus(Duration.ofHours(3)), "20260203T040506Z");
    assertThat(store.warning()).get().asString().contains("2 h 59 min later");
    answer(200, NOW.plus(Duration.ofHours(3)), "no time");
    assertThat(store.warning()).get().asString().contains("2 h 59 min later");
  }

  private void answer(int status, Instant date) {
    answer(status, date, null);
  }

  private void answer(int status, Instant date, String signed) {
    store.answered(
        SdkHttpResponse.builder()
            .statusCode(status)
            .putHeader("Date", BareObjects.date(date))
            .build(),
        clock.millis() - 400,
        signed);
  }
}
