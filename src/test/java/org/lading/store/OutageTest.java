package org.lading.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lading.store.Outage.Kind;
import org.lading.testing.LogLines;

class OutageTest {
  private final IOException failure = new IOException("it failed");

  private final AtomicLong time = new AtomicLong(1);
  private final Outage outage = new Outage("the place", time::get);
  private final LogLines log = new LogLines();

  @AfterEach
  void stopListening() {
    log.close();
  }

  @Test
  void unwritableDatabase_hasOneLine_untilAMinuteWithoutAFailure() {
    for (int i = 0; i < 10; i++) {
      outage.failed(Kind.FULL, failure);
      outage.answered();
      outage.written();
      pass(Duration.ofSeconds(30));
    }
    assertThat(lines()).hasSize(1);
    assertThat(lines().get(0)).contains("(the place) cannot be written: its disk is full");
    pass(Duration.ofSeconds(30));
    outage.answered();
    assertThat(lines()).hasSize(1);
    outage.written();
    assertThat(lines()).hasSize(2);
    assertThat(lines().get(1)).isEqualTo("The database can be written again, after 330 s");
  }

  @Test
  void failedWrite_isAFault_untilOneSucceeds() {
    outage.failed(Kind.READ_ONLY, failure);
    outage.answered();
    assertThatThrownBy(outage::requireWritable)
        .hasMessage("The database cannot be written: it is read-only");
    outage.written();
    outage.requireWritable();
    outage.failed(Kind.READ_ONLY, failure);
    assertThatThrownBy(outage::requireWritable).hasMessageContaining("read-only");
  }

  @Test
  void databaseThatIsAway_isBackWithAnyAnswer_unlessItCannotBeWritten() {
    outage.failed(Kind.AWAY, failure);
    outage.answered();
    assertThat(lines()).hasSize(2);
    outage.failed(Kind.AWAY, failure);
    outage.failed(Kind.READ_ONLY, failure);
    outage.failed(Kind.AWAY, failure);
    outage.answered();
    assertThat(lines()).hasSize(4);
    assertThat(lines().get(3)).contains("cannot be written");
  }

  private void pass(Duration duration) {
    time.addAndGet(duration.toNanos());
  }

  private List<String> lines() {
    return log.records().stream().filter(line -> line.startsWith("The database ")).toList();
  }
}
