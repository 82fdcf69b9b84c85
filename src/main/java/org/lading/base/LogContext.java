package org.lading.base;

import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Holds, for each thread, the subject that its log lines begin with, such as {@code Download ID}: a
 * root does not know for which download it reads.
 */
public final class LogContext {
  private static final ThreadLocal<String> current = new ThreadLocal<>();

  private LogContext() {}

  /** Runs work with a result, for a subject. */
  public static <T> T during(String subject, Supplier<T> work) {
    String before = begin(subject);
    try {
      return work.get();
    } finally {
      end(before);
    }
  }

  /** Runs work without a result, for a subject. */
  public static void during(String subject, Runnable work) {
    String before = begin(subject);
    try {
      work.run();
    } finally {
      end(before);
    }
  }

  /** Wraps work so that the thread that does it has the subject of the calling thread. */
  public static <T extends @Nullable Object> Callable<T> carried(Callable<T> work) {
    String subject = current.get();
    if (subject == null) {
      return work;
    }
    return () -> {
      String before = begin(subject);
      try {
        return work.call();
      } finally {
        end(before);
      }
    };
  }

  /** Returns the prefix of a log line: the subject, a colon and a space; "" without a subject. */
  public static String prefix() {
    String subject = current.get();
    return subject == null ? "" : subject + ": ";
  }

  private static @Nullable String begin(String subject) {
    String before = current.get();
    current.set(subject);
    return before;
  }

  /**
   * Restores the subject before; if there was none, removes the variable, since the thread may
   * outlive the application.
   */
  private static void end(@Nullable String before) {
    if (before == null) {
      current.remove();
    } else {
      current.set(before);
    }
  }
}
