package org.lading.manifest;

import java.util.Locale;

/**
 * A name in an archive that is not the one that the request or the source has.
 *
 * @param targetIndex the position of the target in the request, from 0
 * @param from the name as it would be without the reason
 * @param to the name in the archive
 * @param reason why
 */
public record Renaming(int targetIndex, String from, String to, Reason reason) {
  /** Why a name is another one. */
  public enum Reason {
    /** Another source has the name. */
    TAKEN,
    /** The source's name has bytes that are no UTF-8. */
    NOT_UTF8,
    /** Some system could not unpack the name, and the settings say that it is made portable. */
    NOT_PORTABLE;

    /** Returns the reason as answers spell it: lower case with underscores. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
