package org.lading.root.filesystem;

import java.io.IOException;

/**
 * A file has fewer or more bytes than its file system says, as those of procfs and sysfs have, and
 * the documents of some FUSE file systems.
 */
final class WrongSizeException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception for a file that ended early, or did not end. */
  WrongSizeException(boolean isShorter) {
    super(isShorter ? "it has fewer" : "it has more");
  }
}
