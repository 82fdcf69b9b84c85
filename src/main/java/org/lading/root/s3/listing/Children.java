package org.lading.root.s3.listing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of the directories that lie directly in one directory. */
final class Children {
  /** As many as come in one answer. */
  private static final int REMEMBERED = 1000;

  private static final double FORGOTTEN = 8000;

  private static final int ASKED_AT = REMEMBERED / 2;

  /** In their order, each with all that stands before it. */
  private List<String> known = new ArrayList<>();

  /** Of what lies before this key nothing is known. */
  private String from = "";

  private boolean isBeingAsked;
  private boolean isComplete;
  private @Nullable String token;

  private double keys;
  private double keysInAll;
  private double changes;

  /** Learns that among so many keys in a row the child changed so often. */
  void learnSize(int more, int moreChanges) {
    if (keys > FORGOTTEN) {
      keys /= 2;
      changes /= 2;
    }
    keys += more;
    keysInAll += more;
    changes += moreChanges;
  }

  /** Whether any was seen. */
  boolean hasChildren() {
    return changes > 0;
  }

  /** How many keys were seen here. */
  double keysInAll() {
    return keysInAll;
  }

  /** Whether all children are known, and none begins behind a key. */
  boolean isLast(String key) {
    return isComplete && KeyOrder.BYTES.compare(key, from) >= 0 && behind(key) == known.size();
  }

  /** How many keys each child has on average, of those seen lately; 0 if none was seen. */
  double keysEach() {
    return keys / Math.max(changes, 0.5);
  }

  /** Whether there may be more than is known. */
  boolean isWanted() {
    return !isBeingAsked && !isComplete;
  }

  /** The child that begins so many children behind a key, or null if it is not known. */
  @Nullable String ahead(String key, int children) {
    int at = behind(key) + children - 1;
    return at < known.size() && KeyOrder.BYTES.compare(key, from) >= 0 ? known.get(at) : null;
  }

  /** The key itself if it lies in a child that is known, else where the next child begins. */
  String snap(String key) {
    int next = behind(key);
    boolean isBetween = next > 0 && next < known.size() && !key.startsWith(known.get(next - 1));
    return isBetween ? known.get(next) : key;
  }

  /** Whether it is time to ask for more of those behind a key; once, until they have come. */
  boolean beginToAsk(String key) {
    if (!isWanted() || known.size() - behind(key) > ASKED_AT) {
      return false;
    }
    if (token == null) {
      from = key;
    }
    isBeingAsked = true;
    return true;
  }

  /** What to ask with: {@link ListingCalls#children}. */
  @Nullable String token() {
    return token;
  }

  void learn(ListedPage answer) {
    isBeingAsked = false;
    token = answer.token();
    isComplete = token == null;
    List<String> now = new ArrayList<>(answer.prefixes());
    if (!known.isEmpty()) {
      List<String> kept = known.subList(Math.max(0, known.size() - REMEMBERED), known.size());
      from = kept.get(0);
      now.addAll(0, kept);
    }
    known = now;
  }

  private int behind(String key) {
    int found = Collections.binarySearch(known, key, KeyOrder.BYTES);
    return found >= 0 ? found + 1 : -found - 1;
  }
}
