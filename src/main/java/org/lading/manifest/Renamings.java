package org.lading.manifest;

import java.util.ArrayList;
import java.util.List;

/**
 * The names of one archive that are not those of the request or the sources: all are counted, and
 * the first ones are listed.
 *
 * @param count the number of all
 * @param first the first ones, in the order of the archive
 */
public record Renamings(long count, List<Renaming> first) {
  /** Those of an archive whose names are all kept. */
  public static final Renamings NONE = new Renamings(0, List.of());

  /** The maximum number that is listed. */
  public static final int MAX_LISTED = 100;

  /** The maximum length of what is listed, in chars: it is in every answer about the download. */
  private static final int MAX_CHARS = 16 * 1024;

  /** Copies the list. */
  public Renamings {
    first = List.copyOf(first);
  }

  /** Collects them in the order of the archive. */
  static final class Collector {
    private final List<Renaming> first = new ArrayList<>();
    private long count;
    private int chars;

    void add(Renaming renaming) {
      count++;
      chars += renaming.from().length() + renaming.to().length();
      if (first.size() < MAX_LISTED && chars <= MAX_CHARS) {
        first.add(renaming);
      }
    }

    Renamings renamings() {
      return new Renamings(count, first);
    }
  }
}
