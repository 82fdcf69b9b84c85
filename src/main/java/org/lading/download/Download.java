package org.lading.download;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.lading.manifest.ArchivePoint;

/**
 * A stored request.
 *
 * @param id 192 random bits, base64url, 32 characters
 * @param root the name of the request's root, under which the download is addressed
 * @param zipName the archive's name without {@code .zip}, or null to name it after the id
 * @param state how far it is
 * @param created when it was asked for
 * @param expires when it is deleted
 * @param totals what its entries add up to; zeros while it is not ready
 */
public record Download(
    String id,
    String root,
    @Nullable String zipName,
    State state,
    Instant created,
    Instant expires,
    Totals totals) {

  /** How far a download is. */
  public enum State {
    /** Its entries are being made. */
    CREATING_MANIFEST,
    /** Its entries are complete. */
    READY
  }

  /**
   * What the entries add up to.
   *
   * @param entries members of the archive
   * @param files members that are files
   * @param bytes the sum of the files' sizes
   * @param modZipLength the exact length in bytes of the archive that mod_zip makes
   * @param archiveLength the exact length in bytes of the archive that Lading streams itself
   * @param end the place in that archive behind the last entry
   * @param fingerprint lower-case hex digest of everything that the archive is made of
   */
  public record Totals(
      long entries,
      long files,
      long bytes,
      long modZipLength,
      long archiveLength,
      ArchivePoint end,
      String fingerprint) {
    /** The totals of a download that is not ready. */
    public static final Totals NONE = new Totals(0, 0, 0, 0, 0, ArchivePoint.START, "");
  }

  /** The same download, ready, with the totals of its entries. */
  public Download ready(Totals complete) {
    return new Download(id, root, zipName, State.READY, created, expires, complete);
  }

  /** The file name of the archive. */
  public String fileName() {
    return (zipName == null ? id : zipName) + ".zip";
  }
}
