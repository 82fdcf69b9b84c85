package org.lading.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

/** The lines of the log. */
class LogOutputTest {
  private static LogRecord entry(Level level, String message) {
    LogRecord entry = new LogRecord(level, message);
    entry.setLoggerName("org.lading.app.LadingListener");
    entry.setInstant(Instant.parse("2026-11-27T18:10:24.12345Z"));
    return entry;
  }

  @Test
  void line_onATerminal_hasTheTime() {
    assertThat(new LogOutput(false).format(entry(Level.WARNING, "It {0} 100 %.")))
        .isEqualTo(
            "2026-11-27T18:10:24.123Z WARNING org.lading.app.LadingListener: It {0} 100 %.\n");
  }

  @Test
  void everyLine_forTheJournal_hasThePriority() {
    LogRecord failure = entry(Level.SEVERE, "It failed");
    failure.setThrown(new IllegalStateException("on purpose"));
    assertThat(new LogOutput(true).format(failure).lines())
        .startsWith(
            "<3>SEVERE  org.lading.app.LadingListener: It failed",
            "<3>java.lang.IllegalStateException: on purpose")
        .allMatch(line -> line.startsWith("<3>"))
        .hasSizeGreaterThan(3);
  }

  @Test
  void output_thatIsNotTheStreamOfTheVariable_isNotTheJournal() {
    assertThat(LogOutput.goesToJournal(Map.of())).isFalse();
    assertThat(LogOutput.goesToJournal(Map.of("JOURNAL_STREAM", "1:2"))).isFalse();
  }
}
