package org.lading.download;

/** An attempt to prepare a download has to end: another one took its place, or the node stops. */
public final class AttemptOverException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** One that says why, for the log. */
  public AttemptOverException(String why) {
    super(why);
  }
}
