package org.lading.manifest;

/**
 * How long the two ways of making an archive take for a fast client, as predicted when its download
 * was prepared.
 *
 * @param modZipMillis the time that mod_zip takes, in milliseconds
 * @param embeddedMillis the time that Lading's own stream takes, in milliseconds
 * @param burden what takes mod_zip most of the time in which it sends no bytes: {@code 2,000 small
 *     objects of a remote root}; empty if nothing does
 */
public record AssemblyPrediction(long modZipMillis, long embeddedMillis, String burden) {
  /** The prediction for a download without entries. */
  public static final AssemblyPrediction NONE = new AssemblyPrediction(0, 0, "");

  /**
   * The percentage of the time of Lading's own stream that mod_zip may take. Where they are close
   * mod_zip is better, since its bytes cost no time of the application.
   */
  private static final int MAX_PERCENT = 120;

  /** Returns whether mod_zip takes at most a fifth longer than Lading's own stream. */
  public boolean favoursModZip() {
    return modZipMillis * 100.0 <= embeddedMillis * (double) MAX_PERCENT;
  }
}
