package org.lading.root.s3.client;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.lading.root.Item;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers what the store of a root, or a proxy before it, does differently from S3, as its
 * answers have shown; so that a habit costs additional requests once an hour, not for each object.
 */
public final class StoreHabits {
  private static final Logger log = LoggerFactory.getLogger(StoreHabits.class);

  /** The maximum number of objects whose tags are remembered; the oldest are forgotten. */
  private static final int MAX_TAGS = 4096;

  private static final Duration MAX_AGE = Duration.ofHours(1);

  private final String root;
  private final Habit conditionsFail =
      new Habit(
          "its store refuses If-Match for an object that did not change; objects are held to their"
              + " tags and times instead");
  private final Habit rangesFail =
      new Habit(
          "its store does not give parts of objects, so that each object is read in one request, and"
              + " anew to go on in its middle");
  private final Habit tagsDiffer =
      new Habit(
          "its store lists other tags than its objects have; objects are held to their times"
              + " instead");

  /** Whether the last unchanged object that was asked for with its tag was refused. */
  private volatile boolean refusesOwnTags;

  /** The tags with which the bytes of listed contents came. */
  private final Map<String, String> tags = new LinkedHashMap<>();

  /** A habit, which is forgotten after {@link #MAX_AGE}: it may have been a fault that passed. */
  private final class Habit {
    private final String sentence;
    private volatile boolean isLearned;
    private volatile long learnedAt;

    Habit(String sentence) {
      this.sentence = sentence;
    }

    boolean isKnown() {
      return isLearned && System.nanoTime() - learnedAt < MAX_AGE.toNanos();
    }

    void learn() {
      if (!isKnown()) {
        learnedAt = System.nanoTime();
        isLearned = true;
        log.warn("root {}: {}", root, sentence);
      }
    }
  }

  /** Makes the memory of the root of a name: nothing is known of its store. */
  public StoreHabits(String root) {
    this.root = root;
  }

  /** Tells whether an object that did not change satisfies {@code If-Match} with its tag. */
  public boolean honoursConditions() {
    return !conditionsFail.isKnown();
  }

  /** Tells whether a request for a part of an object gives that part. */
  public boolean honoursRanges() {
    return !rangesFail.isKnown();
  }

  /** Tells whether listings have other tags than the objects themselves. */
  public boolean listsOtherTags() {
    return tagsDiffer.isKnown();
  }

  /**
   * Tells whether the last object that did not change, and was asked for with {@code If-Match}, was
   * refused; also when that is long ago, since nobody asks nginx's requests again without it.
   */
  public boolean refusesOwnTags() {
    return refusesOwnTags;
  }

  /** Notes that an object that did not change was refused under a condition. */
  public void conditionsFailed() {
    conditionsFail.learn();
    refusesOwnTags = true;
  }

  /** Notes that an object that did not change was given under a condition. */
  public void conditionsWorked() {
    if (refusesOwnTags) {
      log.info("root {}: its store honours If-Match again", root);
      refusesOwnTags = false;
    }
  }

  /** Returns a sentence for administrators about what nginx cannot be told, or empty. */
  public Optional<String> warning() {
    return refusesOwnTags
        ? Optional.of(
            "The store refuses its own ETags, so that nginx is not told to compare them: an object"
                + " that changes can spoil an archive of mod_zip unseen")
        : Optional.empty();
  }

  /** Notes that a range was asked for and the whole object came. */
  public void rangesFailed() {
    rangesFail.learn();
  }

  /** Notes that an object that did not change came with another tag than its listing has. */
  public void tagsDiffered() {
    tagsDiffer.learn();
  }

  /** Returns the tag with which the bytes of an item came before, or null if none is known. */
  public @Nullable String tag(Item item) {
    synchronized (tags) {
      return tags.get(content(item));
    }
  }

  /** Remembers the tag with which the bytes of an item came. */
  public void setTag(Item item, String tag) {
    synchronized (tags) {
      tags.put(content(item), Objects.requireNonNull(tag));
      if (tags.size() > MAX_TAGS) {
        tags.remove(tags.keySet().iterator().next());
      }
    }
  }

  /**
   * Returns what identifies a content as it was listed. A record would do, but the JDK's class
   * ObjectMethods keeps the class of the last record that was compared, and with it, in a
   * container, an application that was removed.
   */
  private static String content(Item item) {
    return item.size() + " " + item.version() + " " + item.key();
  }
}
