package org.lading.app;

import java.sql.SQLException;
import java.util.UUID;
import org.lading.base.PrintableException;
import org.lading.error.ErrorCode;
import org.lading.error.FaultLog;
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
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof LadingException known) {
        isFinal |= known.code() == ErrorCode.NOT_CONFIGURED;
      } else if (cause instanceof SQLException) {
        part = part.equals(APPLICATION) ? "database" : part;
      }
    }
    return new StartFault(
        part, isFinal, FaultLog.reasons(thrown), thrown, FaultLog.isForeseen(thrown));
  }

  /** Writes one line to the log; only what was not foreseen has its stack trace, too. */
  void log() {
    String begin = isFinal ? "Not started" : "Not started yet, and tried again";
    if (isForeseen) {
      if (isFinal) {
        log.error("{}: {}", begin, text);
      } else {
        log.warn("{}: {}", begin, text);
      }
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
