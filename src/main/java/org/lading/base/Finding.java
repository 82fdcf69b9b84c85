package org.lading.base;

import java.util.Locale;

/**
 * One line of what a check found.
 *
 * @param kind what was found
 * @param subject the part that it is about, such as {@code root medusa}
 * @param text a sentence: what is so; for a fault also the cure; for what is unknown the reason
 */
public record Finding(Kind kind, String subject, String text) {
  /** The kinds of findings. */
  public enum Kind {
    /** It is as it should be. */
    OK,
    /** Something is wrong. */
    FAULT,
    /** It could not be told. */
    UNKNOWN,
    /** A setting is passed over. */
    PASSED,
    /** Nothing is wrong, but something is probably left to be done. */
    ADVICE
  }

  /** Makes a finding that something is as it should be. */
  public static Finding ok(String subject, String text) {
    return new Finding(Kind.OK, subject, text);
  }

  /** Makes a finding that something is wrong. */
  public static Finding fault(String subject, String text) {
    return new Finding(Kind.FAULT, subject, text);
  }

  /** Makes a finding that something could not be told. */
  public static Finding unknown(String subject, String text) {
    return new Finding(Kind.UNKNOWN, subject, text);
  }

  /** Makes a finding that a setting is passed over, and what that means. */
  public static Finding passed(String subject, String text) {
    return new Finding(Kind.PASSED, subject, text);
  }

  /** Makes a finding of what is probably left to be done. */
  public static Finding advice(String subject, String text) {
    return new Finding(Kind.ADVICE, subject, text);
  }

  /** Returns whether something is wrong. */
  public boolean isFault() {
    return kind == Kind.FAULT;
  }

  /** Renders the finding as one line. */
  @Override
  public String toString() {
    return "%-8s%s: %s".formatted(kind.name().toLowerCase(Locale.ROOT), subject, text);
  }
}
