package org.lading.base;

import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a thread works for at the moment, for the lines that it logs where nobody else can tell: a
 * root does not know for which download it reads.
 */
public final class LogContext {
  private static final ThreadLocal<String> current = new ThreadLocal<>();

  private LogContext() {}

  /** Does something for a subject: {@code Download ID}, say. */
  public static <T> T during(String subject, Supplier<T> work) {
    String before = begin(subject);
    try {
      return work.get();
    } finally {
      end(before);
    }
  }

  /** As above, for what has no result. */
  public static void during(String subject, Runnable work) {
    String before = begin(subject);
    try {
      work.run();
    } finally {
      end(before);
    }
  }

  /** The same work, to be done by another thread for the subject of this one. */
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

  /** The subject and a colon, or nothing; to stand in front of a line. */
  public static String inFront() {
    String subject = current.get();
    return subject == null ? "" : subject + ": ";
  }

  private static @Nullable String begin(String subject) {
    String before = current.get();
    current.set(subject);
    return before;
  }

  /** Leaves nothing in a thread that outlives the application. */
  private static void end(@Nullable String before) {
    if (before == null) {
      current.remove();
    } else {
      current.set(before);
    }
  }
}
