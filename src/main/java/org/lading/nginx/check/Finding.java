package org.lading.nginx.check;

import java.util.Locale;

/**
 * The answer to one question about an installation.
 *
 * @param kind what was found
 * @param subject the part of the installation that it is about, such as {@code root medusa}
 * @param text a sentence: what is so; for a fault also the cure; for what is unknown the reason
 */
record Finding(Kind kind, String subject, String text) {
  /** The kinds of findings. */
  enum Kind {
    /** It is as it should be. */
    OK,
    /** Something is wrong. */
    FAULT,
    /** It could not be told. */
    UNKNOWN
  }

  static Finding ok(String subject, String text) {
    return new Finding(Kind.OK, subject, text);
  }

  static Finding fault(String subject, String text) {
    return new Finding(Kind.FAULT, subject, text);
  }

  static Finding unknown(String subject, String text) {
    return new Finding(Kind.UNKNOWN, subject, text);
  }

  boolean isFault() {
    return kind == Kind.FAULT;
  }

  /** Renders the finding as one line. */
  @Override
  public String toString() {
    return "%-8s%s: %s".formatted(kind.name().toLowerCase(Locale.ROOT), subject, text);
  }
}
