package org.lading.manifest.names;

import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Finds names, of files and of all directories on the way to them, that differ from another one
 * only in case or in Unicode form (NFC, NFD): Windows and macOS unpack one over the other.
 *
 * <p>Names are held as two 64-bit hashes in at most 43 bytes each, as many as a create holds for
 * its own purpose; so of more than {@value #MAX_COMPARED} names, the later ones are not compared.
 * The text of an earlier name is known while it is among the latest, in {@value
 * #MAX_REMEMBERED_CHARS} chars.
 */
public final class SimilarNames {
  /** The maximum number of similar names that are listed. */
  private static final int MAX_LISTED = 100;

  private static final int MAX_COMPARED = 1_000_000;
  private static final int MAX_REMEMBERED_CHARS = 1 << 20;

  private final SipHash hash = new SipHash(new SecureRandom());

  /** Maps the hash of a folded name to the hash of the name that came first. */
  private final LongHashMap names = new LongHashMap();

  /** The latest names, by the hash of the folded name, the oldest one first. */
  private final Map<Long, String> latest = new LinkedHashMap<>();

  private final List<SimilarName> first = new ArrayList<>();
  private int latestChars;
  private int compared;
  private long count;
  private String lastParent = "";

  /** Adds the next name of the archive, with the directories that it lies in. */
  public void add(String name) {
    int slash = name.lastIndexOf('/');
    if (slash > 0 && !(slash == lastParent.length() && name.startsWith(lastParent))) {
      String parent = name.substring(0, slash);
      for (int end = parent.indexOf('/'); end >= 0; end = parent.indexOf('/', end + 1)) {
        if (!(lastParent.startsWith(parent.substring(0, end))
            && (lastParent.length() == end || lastParent.charAt(end) == '/'))) {
          addOne(parent.substring(0, end));
        }
      }
      addOne(parent);
      lastParent = parent;
    }
    addOne(name);
  }

  /** Returns the number of names that are similar to an earlier one. */
  public long count() {
    return count;
  }

  /** Returns the first {@value #MAX_LISTED} of them. */
  public List<SimilarName> first() {
    return List.copyOf(first);
  }

  /** Returns whether all names were compared. */
  public boolean isComplete() {
    return compared < MAX_COMPARED;
  }

  private void addOne(String name) {
    if (compared >= MAX_COMPARED) {
      return;
    }
    long folded = hash.of(folded(name));
    // Never 0, which says that there is none.
    long own = hash.of(name) | 1;
    long holder = names.get(folded);
    if (holder == LongHashMap.ABSENT) {
      compared++;
      names.put(folded, own);
      remember(folded, name);
    } else if (holder != own) {
      count++;
      if (first.size() < MAX_LISTED) {
        first.add(new SimilarName(name, latest.get(folded)));
      }
    }
  }

  private void remember(long folded, String name) {
    latest.put(folded, name);
    latestChars += name.length();
    while (latestChars > MAX_REMEMBERED_CHARS) {
      Map.Entry<Long, String> oldest = latest.entrySet().iterator().next();
      latestChars -= oldest.getValue().length();
      latest.remove(oldest.getKey());
    }
  }

  /** Returns what similar names have in common. */
  private static String folded(String name) {
    // Some letters have one upper-case, and two lower-case forms; others the other way round.
    String lower = name.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    return Normalizer.normalize(lower, Normalizer.Form.NFC);
  }
}
