package org.lading.app;

import java.sql.SQLException;
import java.util.UUID;
import org.lading.base.PrintableException;
import org.lading.base.PrintableText;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Why the application has not started.
 *
 * @param part the name of the part that is not there, as {@code /status} has it
 * @param isFinal whether it stays so until the operator changes something and starts Lading again
 * @param text what the log says
 * @param thrown the exception
 * @param isForeseen whether the text says enough, so that no stack trace is needed
 */
record StartFault(String part, boolean isFinal, String text, Throwable thrown, boolean isForeseen) {
  private static final Logger log = LoggerFactory.getLogger(StartFault.class);
  private static final String APPLICATION = "application";

  /** Finds out what an exception means. */
  static StartFault of(Throwable thrown) {
    String part = thrown instanceof StartException told ? told.part() : APPLICATION;
    boolean isFinal = thrown instanceof LinkageError;
    boolean isForeseen = false;
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof LadingException known) {
        isFinal |= known.code() == ErrorCode.NOT_CONFIGURED;
        isForeseen = true;
      } else if (cause instanceof SQLException) {
        part = part.equals(APPLICATION) ? "database" : part;
        isForeseen = true;
      }
    }
    return new StartFault(part, isFinal, text(thrown), thrown, isForeseen);
  }

  /** Returns the first lines of the messages of an exception and its causes, without repetition. */
  private static String text(Throwable thrown) {
    StringBuilder text = new StringBuilder();
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      String message = message(cause);
      if (text.indexOf(message) < 0) {
        text.append(text.isEmpty() ? "" : ": ").append(message);
      }
    }
    return text.toString();
  }

  private static String message(Throwable cause) {
    String message = cause instanceof LadingException known ? known.sentence() : cause.getMessage();
    String name = cause.getClass().getSimpleName();
    boolean isSentence = message != null && message.indexOf(' ') > 0;
    String first =
        message == null ? name : PrintableText.of(message.lines().findFirst().orElse(name));
    return isSentence ? first : name + " " + first;
  }

  /** Writes one line to the log; only what was not foreseen has its stack trace, too. */
  void log() {
    String begin = isFinal ? "Not started" : "Not started yet, and tried again";
    if (isForeseen) {
      log.warn("{}: {}", begin, text);
      log.debug("{}: {}", begin, part, PrintableException.of(thrown));
    } else {
      log.error("{}: incident {}", begin, UUID.randomUUID(), PrintableException.of(thrown));
    }
  }

  /** Returns the failure that clients see. */
  LadingException failure() {
    return isFinal
        ? new LadingException(ErrorCode.NOT_CONFIGURED, "Lading has not started: the log tells why")
        : starting(part);
  }

  /** Returns the failure that clients see while a part is waited for. */
  static LadingException starting(String part) {
    return new LadingException(
        ErrorCode.STARTING, "Lading is starting: %s is not available yet".formatted(part));
  }
}
