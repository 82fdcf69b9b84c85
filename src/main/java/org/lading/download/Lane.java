package org.lading.download;

import java.util.Locale;

/** A queue of downloads that are to be prepared, with threads of its own. */
public enum Lane {
  /**
   * Each download begins here, and stays if it takes little work; so small ones never wait for
   * large ones.
   */
  QUICK,
  /** What turned out to take more work is begun again here. */
  LONG;

  /** Returns the name as answers and metrics spell it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
