package org.lading.manifest;

import java.util.Locale;

/**
 * How long the two ways of making an archive take for a fast client, as predicted when its download
 * was prepared.
 *
 * @param modZipMillis the time that mod_zip takes, in milliseconds
 * @param embeddedMillis the time that Lading's own stream takes, in milliseconds
 * @param burden what takes mod_zip most of the time in which it sends no bytes
 */
public record AssemblyPrediction(long modZipMillis, long embeddedMillis, Burden burden) {
  /**
   * What takes mod_zip most of the time in which it sends no bytes.
   *
   * @param kind the kind of entries
   * @param count their number
   * @param roots the number of remote roots that they are of; 0 for others
   */
  public record Burden(Kind kind, long count, long roots) {
    /** Nothing takes time. */
    public static final Burden NONE = new Burden(Kind.NONE, 0, 0);

    /** The kinds of entries. */
    public enum Kind {
      /** No entries. */
      NONE,
      /** Files and literals. */
      FILES,
      /** Files and literals that are small on average. */
      SMALL_FILES,
      /** Files and objects whose CRC-32 is not known. */
      UNKNOWN_FILES,
      /** Objects of remote roots. */
      OBJECTS,
      /** Objects of remote roots that are small on average. */
      SMALL_OBJECTS;

      /** Returns the name in lower case, as keys of texts have it. */
      public String word() {
        return name().toLowerCase(Locale.ROOT);
      }
    }

    /** Reads what {@link #toString} has made, as a store keeps it. */
    public static Burden parse(String stored) {
      String[] parts = stored.split(" ", -1);
      return parts.length < 3
          ? NONE
          : new Burden(Kind.valueOf(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]));
    }

    /** Returns the kind and both numbers with spaces between them; an empty text for nothing. */
    @Override
    public String toString() {
      return kind == Kind.NONE ? "" : kind + " " + count + " " + roots;
    }
  }

  /** The prediction for a download without entries. */
  public static final AssemblyPrediction NONE = new AssemblyPrediction(0, 0, Burden.NONE);

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
