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
  void repliesThatBreakOff_areToldByLadingAlone() {
    LogRecord afterTheStop = entry(Level.WARNING, "/d/files/id/download");
    IllegalStateException committed = new IllegalStateException("Committed");
    afterTheStop.setThrown(committed);
    assertThat(LogOutput.isToldByLading(afterTheStop)).isFalse();
    committed.setStackTrace(
        new StackTraceElement[] {
          new StackTraceElement("org.eclipse.ServletApiResponse", "sendError", "", 1),
          new StackTraceElement("org.eclipse.ServletHolder$UnavailableServlet", "service", "", 1)
        });
    assertThat(LogOutput.isToldByLading(afterTheStop)).isTrue();
    assertThat(LogOutput.isToldByLading(entry(Level.WARNING, "/d/files/id/download another")))
        .isFalse();
  }

  @Test
  void pathOfJetty_hasNoWholeId() {
    LogRecord entry = entry(Level.WARNING, "/d/files/abcdefghijkl-_345678901234567890/get failed");
    entry.setLoggerName("org.eclipse.jetty.ee10.servlet.ServletChannel");
    assertThat(new LogOutput(true).format(entry))
        .endsWith(".ServletChannel: /d/files/abcdefghijkl/get failed\n");
  }

  @Test
  void output_thatIsNotTheStreamOfTheVariable_isNotTheJournal() {
    assertThat(LogOutput.goesToJournal(Map.of())).isFalse();
    assertThat(LogOutput.goesToJournal(Map.of("JOURNAL_STREAM", "1:2"))).isFalse();
  }
}
