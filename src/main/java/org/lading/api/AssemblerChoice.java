package org.lading.api;

import org.lading.download.Download;

/** Who makes the archive behind a download URL: mod_zip from the manifest, or Lading itself. */
public final class AssemblerChoice {
  private final boolean dependsOnNginx;
  private final long modZipMaxEntries;

  private AssemblerChoice(boolean dependsOnNginx, long modZipMaxEntries) {
    this.dependsOnNginx = dependsOnNginx;
    this.modZipMaxEntries = modZipMaxEntries;
  }

  /** Always mod_zip. */
  public static AssemblerChoice modZip() {
    return new AssemblerChoice(false, Long.MAX_VALUE);
  }

  /** Always Lading. */
  public static AssemblerChoice embedded() {
    return new AssemblerChoice(false, -1);
  }

  /** mod_zip if a call came through it and the entries are no more than its memory is meant for. */
  public static AssemblerChoice auto(int modZipMaxEntries) {
    return new AssemblerChoice(true, modZipMaxEntries);
  }

  /**
   * Whether mod_zip makes the archive, for this caller. Where that depends on the number of
   * entries, and it is not known yet, Lading does, whose archive is right in any case.
   */
  boolean isModZip(RequestOrigin caller, Download download) {
    if (!dependsOnNginx) {
      return modZipMaxEntries >= 0;
    }
    return caller.isThroughModZip()
        && download.state() == Download.State.READY
        && download.totals().entries() <= modZipMaxEntries;
  }
}
