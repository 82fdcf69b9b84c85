package org.lading.launch;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The log of a server without a container: what the application and Jetty give to {@code
 * java.util.logging} goes to the standard error output, a line for each record and for each line of
 * a stack trace. For the journal of systemd a line begins with its priority, as {@code <4>}, and
 * has no time, since the journal has it; otherwise it begins with the time.
 */
final class LogOutput extends Formatter {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  /**
   * Loggers whose news interest nobody who runs the server. They are kept here because the JDK
   * forgets levels of loggers that nobody refers to.
   */
  private static final List<Logger> QUIET =
      List.of(
          Logger.getLogger("org.eclipse.jetty"),
          Logger.getLogger("com.zaxxer.hikari"),
          Logger.getLogger("org.flywaydb.core.internal.sqlscript"),
          Logger.getLogger("com.github.kagkarlsson"));

  /** Jetty's logger of requests that failed, which Lading's own lines tell of as well. */
  private static final Logger REQUESTS =
      Logger.getLogger("org.eclipse.jetty.ee10.servlet.ServletChannel");

  /** The rest of an id in a path: who has all of it has the download. */
  private static final Pattern REST_OF_ID =
      Pattern.compile("(?<=/[\\w-]{12})[\\w-]{10,}(?=/|\\s|$)");

  private final boolean isForJournal;

  /** Makes a format. */
  LogOutput(boolean isForJournal) {
    this.isForJournal = isForJournal;
  }

  /** Sets it up, unless a property of the JVM names other settings of {@code java.util.logging}. */
  static void setUp() {
    if (System.getProperty("java.util.logging.config.file") != null
        || System.getProperty("java.util.logging.config.class") != null) {
      return;
    }
    Logger root = Logger.getLogger("");
    for (Handler handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    Handler handler = new ConsoleHandler();
    handler.setLevel(Level.ALL);
    handler.setFormatter(new LogOutput(goesToJournal(System.getenv())));
    root.addHandler(handler);
    QUIET.forEach(logger -> logger.setLevel(Level.WARNING));
    REQUESTS.setFilter(entry -> !isToldByLading(entry));
  }

  /**
   * Returns whether a record of Jetty's is about a reply that breaks off, of which Lading has
   * written a line. After the application has stopped, such a reply is given to a servlet of
   * Jetty's that tries to answer it once more.
   */
  static boolean isToldByLading(LogRecord entry) {
    Throwable thrown = entry.getThrown();
    if (thrown instanceof IllegalStateException && "Committed".equals(thrown.getMessage())) {
      return Stream.of(thrown.getStackTrace())
          .anyMatch(frame -> frame.getClassName().endsWith("$UnavailableServlet"));
    }
    return thrown == null
        && String.valueOf(entry.getMessage())
            .endsWith("the reply failed after its beginning was sent");
  }

  /** Whether the standard error output is the stream to the journal that the variable tells of. */
  static boolean goesToJournal(Map<String, String> environment) {
    String stream = environment.get("JOURNAL_STREAM");
    if (stream == null) {
      return false;
    }
    try {
      Map<String, Object> file = Files.readAttributes(Path.of("/proc/self/fd/2"), "unix:dev,ino");
      return stream.equals(file.get("dev") + ":" + file.get("ino"));
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  @Override
  public String format(LogRecord entry) {
    String priority = isForJournal ? "<" + priority(entry.getLevel()) + ">" : "";
    String time = isForJournal ? "" : TIME.format(entry.getInstant()) + " ";
    StringBuilder lines = new StringBuilder(priority).append(time);
    lines.append("%-7s ".formatted(entry.getLevel().getName()));
    lines.append(entry.getLoggerName()).append(": ");
    String message = formatMessage(entry);
    if (REQUESTS.getName().equals(entry.getLoggerName())) {
      message = REST_OF_ID.matcher(message).replaceAll("");
    }
    String text = message + "\n" + stackTrace(entry.getThrown());
    return lines.append(text.strip().replace("\n", "\n" + priority)).append('\n').toString();
  }

  private static String stackTrace(@Nullable Throwable thrown) {
    if (thrown == null) {
      return "";
    }
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  /** Returns the priority of syslog for a level. */
  private static int priority(Level level) {
    if (level.intValue() >= Level.SEVERE.intValue()) {
      return 3;
    }
    if (level.intValue() >= Level.WARNING.intValue()) {
      return 4;
    }
    return level.intValue() >= Level.INFO.intValue() ? 6 : 7;
  }
}
