package org.lading.backup;

import org.jspecify.annotations.Nullable;

/** Says why a backup cannot be made or used, in a sentence for the administrator. */
final class BackupException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BackupException(String sentence) {
    this(sentence, null);
  }

  BackupException(String sentence, @Nullable Exception cause) {
    super(sentence, cause);
  }
}
