package org.lading.manifest;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.lading.base.PrintableText;

/**
 * The files of a download that are no longer what they were when their entries were made.
 *
 * @param count how many there are, as far as that is known
 * @param names the names of at most {@value #MAX_NAMES} of them in the archive, cut if they are
 *     very long
 */
public record SourceChanges(long count, List<String> names) {
  /** The maximum number of names. */
  public static final int MAX_NAMES = 100;

  /** The maximum number of bytes of a name in JSON or HTML. */
  private static final int MAX_NAME_BYTES = 1600;

  /** Cuts the names. */
  public SourceChanges {
    names = names.stream().map(name -> PrintableText.cut(name, MAX_NAME_BYTES)).toList();
  }

  /** Makes the changes of one file. */
  public static SourceChanges of(String name) {
    return new SourceChanges(1, List.of(name));
  }

  /** Returns whether no more names fit in. */
  public boolean isFull() {
    return names.size() >= MAX_NAMES;
  }

  /**
   * Returns these changes and others. Where these are full, it is not known whether another name is
   * one of those that are only counted, and the count stays.
   */
  public SourceChanges and(SourceChanges others) {
    Set<String> all = new LinkedHashSet<>(names);
    for (String name : others.names) {
      if (all.size() < MAX_NAMES) {
        all.add(name);
      }
    }
    long more = all.size() - (long) names.size();
    return new SourceChanges(Math.max(count + more, others.count), new ArrayList<>(all));
  }
}
