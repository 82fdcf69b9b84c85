package org.lading.testing;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Everything that is logged in this process, as text: a record would hold on to its exception. */
public final class LogLines extends Handler implements AutoCloseable {
  private final List<String> warnings = new CopyOnWriteArrayList<>();
  private final List<String> records = new CopyOnWriteArrayList<>();
  private final SimpleFormatter formatter = new SimpleFormatter();

  /** Listens until it is closed. */
  public LogLines() {
    Logger.getLogger("").addHandler(this);
  }

  /** "logger: message" of every warning and error so far. */
  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  /** Every record so far as a file would have it: the message, and the stack trace if any. */
  public List<String> records() {
    return List.copyOf(records);
  }

  @Override
  public void publish(LogRecord logged) {
    StringWriter record = new StringWriter();
    record.write(formatter.formatMessage(logged));
    if (logged.getThrown() != null) {
      logged.getThrown().printStackTrace(new PrintWriter(record, true));
    }
    records.add(record.toString());
    if (logged.getLevel().intValue() >= Level.WARNING.intValue()) {
      warnings.add(logged.getLoggerName() + ": " + formatter.formatMessage(logged));
    }
  }

  @Override
  public void flush() {
    // Nothing is buffered.
  }

  @Override
  public void close() {
    Logger.getLogger("").removeHandler(this);
  }
}
