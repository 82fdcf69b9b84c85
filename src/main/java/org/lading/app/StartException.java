package org.lading.app;

/** A part of the application that could not be opened, and may be there later. */
final class StartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String part;

  /**
   * Makes an exception.
   *
   * @param part the name of the part, as {@code /status} has it
   * @param what what could not be opened, for the log: the setting and its value
   */
  StartException(String part, String what, Throwable cause) {
    super(what, cause);
    this.part = part;
  }

  /** Returns the name of the part. */
  String part() {
    return part;
  }
}
