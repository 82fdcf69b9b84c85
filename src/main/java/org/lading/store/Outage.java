package org.lading.store;

import java.sql.SQLException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.lading.error.ErrorCode;
import org.lading.error.FaultLog;
import org.lading.error.LadingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time in which a database does not answer, or cannot be written: the log has a line at its
 * begin and its end. A database that cannot be written answers all the same, so that only a write
 * ends that time, and not before a minute without a failure: where room is scarce, what is small is
 * written, and what is large is not.
 */
final class Outage {
  private static final Logger log = LoggerFactory.getLogger(Outage.class);

  private static final long QUIET_NANOS = 60_000_000_000L;

  private static final String READ_ONLY_HINT =
      " (a standby, default_transaction_read_only, or a file system that is mounted so)";

  private final String place;
  private final LongSupplier nanoTime;
  private volatile @Nullable Kind kind;
  private long begin;
  private long lastFailure;
  private boolean isWritten;

  /** What is wrong with a database. */
  enum Kind {
    /** It does not answer. */
    AWAY("it does not answer"),
    /** SQL state 25006, or SQLITE_READONLY. */
    READ_ONLY("it is read-only"),
    /** SQL state 53100, or SQLITE_FULL. */
    FULL("its disk is full"),
    /** SQLITE_IOERR or SQLITE_CANTOPEN. */
    FAULTY("its file system reports an error");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    /** Returns what an exception of a driver says. */
    static Kind of(@Nullable SQLException failure) {
      String state = failure == null ? null : failure.getSQLState();
      if (failure == null || state != null) {
        return "25006".equals(state) ? READ_ONLY : "53100".equals(state) ? FULL : AWAY;
      }
      return switch (failure.getErrorCode() & 0xff) {
        case 8 -> READ_ONLY;
        case 10, 14 -> FAULTY;
        case 13 -> FULL;
        default -> AWAY;
      };
    }

    /** Returns the failure for a caller. */
    LadingException failure(@Nullable Throwable cause) {
      String sentence =
          this == AWAY ? "The database did not answer" : "The database cannot be written: " + words;
      return new LadingException(ErrorCode.STORAGE_UNAVAILABLE, sentence, cause).told();
    }
  }

  /**
   * Makes one that is not on.
   *
   * @param place the setting of the database, and its value, for the log
   */
  Outage(String place, LongSupplier nanoTime) {
    this.place = place;
    this.nanoTime = nanoTime;
  }

  /** Notes that the database did not answer, or could not be written. */
  synchronized void failed(Kind failed, Throwable failure) {
    Kind known = kind;
    lastFailure = nanoTime.getAsLong();
    isWritten = false;
    if (known == null) {
      begin = lastFailure;
    } else if (known != Kind.AWAY || failed == Kind.AWAY) {
      return;
    }
    kind = failed;
    if (failed == Kind.AWAY) {
      log.warn(
          "The database did not answer; what needs it is refused or tried again: {}",
          FaultLog.reasons(failure));
    } else {
      log.warn(
          "The database ({}) cannot be written: {}{}; what writes is refused or tried again: {}",
          place,
          failed.words,
          failed == Kind.READ_ONLY ? READ_ONLY_HINT : "",
          FaultLog.reasons(failure));
    }
  }

  /** Notes that the database answered what only reads. */
  void answered() {
    if (kind == Kind.AWAY) {
      end("answers");
    }
  }

  /** Notes that the database was written. */
  void written() {
    Kind known = kind;
    if (known == Kind.AWAY) {
      end("answers");
    } else if (known != null) {
      setWritten();
      if (isQuiet()) {
        end("can be written");
      }
    }
  }

  private synchronized void setWritten() {
    isWritten = true;
  }

  /** Returns whether the last failure was a minute ago. */
  synchronized boolean isQuiet() {
    return nanoTime.getAsLong() - lastFailure >= QUIET_NANOS;
  }

  private synchronized void end(String what) {
    if (kind != null) {
      kind = null;
      log.info(
          "The database {} again, after {} s",
          what,
          Duration.ofNanos(nanoTime.getAsLong() - begin).toSeconds());
    }
  }

  /** Returns what is wrong, or null. */
  @Nullable Kind kind() {
    return kind;
  }

  /** Throws {@code STORAGE_UNAVAILABLE} if the last write failed, and none has succeeded since. */
  synchronized void requireWritable() {
    Kind known = kind;
    if (known != null && known != Kind.AWAY && !isWritten) {
      throw known.failure(null);
    }
  }
}
