package org.lading.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.lading.health.Readiness.Part;

class ReadinessTest {
  private final Readiness readiness = new Readiness();

  @Test
  void beforeAnyPartIsThere_eachIsNamed() {
    assertThat(readiness.isReady()).isFalse();
    assertThat(readiness.faults()).containsOnlyKeys(Part.values());
  }

  @Test
  void withAllParts_itIsReady_untilOneIsGone_orItDrains() {
    for (Part part : Part.values()) {
      readiness.tellReady(part);
    }
    assertThat(readiness.isReady()).isTrue();

    readiness.tell(Part.DATABASE, "gone");
    assertThat(readiness.isReady()).isFalse();
    assertThat(readiness.faults()).isEqualTo(Map.of(Part.DATABASE, "gone"));

    readiness.tellReady(Part.DATABASE);
    readiness.drain();
    assertThat(readiness.isReady()).isFalse();
    assertThat(readiness.faults()).isEmpty();
  }
}
