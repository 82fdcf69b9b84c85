package org.lading.api;

import org.lading.download.Download;

/**
 * The setting that decides who makes the archive that a download URL leads to: mod_zip or Lading.
 *
 * @param assembler who makes the archive
 * @param modZipMaxEntries the maximum number of entries for which {@link Assembler#AUTO} chooses
 *     mod_zip
 */
public record AssemblerSettings(Assembler assembler, int modZipMaxEntries) {
  /** The possible values of the setting. */
  public enum Assembler {
    /**
     * nginx's mod_zip if the request came through an nginx that has it and there are few enough
     * entries; else Lading.
     */
    AUTO,
    /** nginx's mod_zip, always. */
    MOD_ZIP,
    /** Lading, always. */
    EMBEDDED
  }

  /**
   * Returns whether mod_zip makes the archive for a client. While the number of entries matters and
   * is not known, Lading makes it, whose archives can be of any size.
   */
  boolean isModZip(ClientRoute route, Download download) {
    return switch (assembler) {
      case MOD_ZIP -> true;
      case EMBEDDED -> false;
      case AUTO ->
          route.isThroughModZip()
              && download.state() == Download.State.READY
              && download.totals().entries() <= modZipMaxEntries;
    };
  }
}
