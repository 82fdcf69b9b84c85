package org.lading.base;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A copy of an exception for the log, whose messages are made printable and cut: they may quote a
 * stranger's text, with line breaks that look like lines of the log, and of any length.
 */
public final class PrintableException extends Exception {
  private static final long serialVersionUID = 1L;

  private static final int MAX_CHARS = 1000;

  /** The maximum number of causes of causes, which might form a circle. */
  private static final int MAX_DEPTH = 20;

  private final String text;

  private PrintableException(Throwable original, int depth) {
    super(null, copyOf(original.getCause(), depth), true, true);
    text = PrintableText.of(original.toString(), MAX_CHARS);
    setStackTrace(original.getStackTrace());
    Stream.of(original.getSuppressed())
        .map(suppressed -> copyOf(suppressed, depth))
        .forEach(this::addIfAny);
  }

  /** Copies an exception, with its stack trace and with its causes and suppressed ones. */
  public static PrintableException of(Throwable original) {
    return new PrintableException(original, 0);
  }

  /** Returns the class and the message of the original. */
  // A message alone would stand after the name of this class, which is not what was thrown.
  @SuppressWarnings("OverrideThrowableToString")
  @Override
  public String toString() {
    return text;
  }

  private static @Nullable PrintableException copyOf(@Nullable Throwable original, int depth) {
    return original == null || depth == MAX_DEPTH
        ? null
        : new PrintableException(original, depth + 1);
  }

  private void addIfAny(@Nullable PrintableException suppressed) {
    if (suppressed != null) {
      addSuppressed(suppressed);
    }
  }
}
