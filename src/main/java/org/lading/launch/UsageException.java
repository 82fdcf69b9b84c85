package org.lading.launch;

/** Tells that the arguments on the command line are wrong, in a sentence for the user. */
final class UsageException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Makes one with the sentence. */
  UsageException(String sentence) {
    super(sentence);
  }
}
