package org.lading.api;

import org.lading.download.Download;

/**
 * The choice of who makes the archive that a download URL leads to.
 *
 * @param assembler who makes it
 * @param modZipMaxEntries the maximum number of entries for which {@link Assembler#AUTO} chooses
 *     mod_zip
 */
public record AssemblerSettings(Assembler assembler, int modZipMaxEntries) {
  /** Who makes archives. */
  public enum Assembler {
    /** nginx's mod_zip if the request came through one and there are few enough entries. */
    AUTO,
    /** Always nginx's mod_zip. */
    MOD_ZIP,
    /** Always Lading. */
    EMBEDDED
  }

  /**
   * Returns whether mod_zip makes the archive for a client. While the number of entries matters and
   * is not known, Lading does, whose archives can be of any size.
   */
  boolean isModZip(ClientRoute origin, Download download) {
    return switch (assembler) {
      case MOD_ZIP -> true;
      case EMBEDDED -> false;
      case AUTO ->
          origin.isThroughModZip()
              && download.state() == Download.State.READY
              && download.totals().entries() <= modZipMaxEntries;
    };
  }
}
