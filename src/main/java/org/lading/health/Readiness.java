package org.lading.health;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Whether this node can take creates and downloads: the settings are read, the database and the
 * storage are there, and it is not about to stop. No root counts, since the others go on without
 * one.
 */
public final class Readiness {
  /** Why a part is not there of which nothing else is known. */
  public static final String NOT_THERE = "It is not there yet";

  /** What a node needs for any request. */
  public enum Part {
    /** The settings are read and have no faults. */
    SETTINGS,
    /** The database answers. */
    DATABASE,
    /** The storage directory can be written. */
    STORAGE;

    /** Returns the part as answers have it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Map<Part, Supplier<Optional<String>>> faults = new EnumMap<>(Part.class);
  private volatile boolean isDraining;

  /** Makes the readiness of a node that has no part yet. */
  public Readiness() {
    for (Part part : Part.values()) {
      tell(part, NOT_THERE);
    }
  }

  /** Keeps why a part is not there. */
  public void tell(Part part, String fault) {
    ask(part, () -> Optional.of(fault));
  }

  /** Keeps that a part is there for good. */
  public void tellReady(Part part) {
    ask(part, Optional::empty);
  }

  /**
   * Keeps who knows whether a part is there.
   *
   * @param fault returns soon why it is not, or nothing if it is
   */
  public synchronized void ask(Part part, Supplier<Optional<String>> fault) {
    faults.put(part, fault);
  }

  /** Says no from now on, since the node is about to stop; what has begun goes on. */
  public void drain() {
    isDraining = true;
  }

  /** Returns whether the node is about to stop. */
  public boolean isDraining() {
    return isDraining;
  }

  /** Returns whether the node can take requests. */
  public boolean isReady() {
    return !isDraining && faults().isEmpty();
  }

  /** Returns why parts are not there; nothing of those that are. */
  public Map<Part, String> faults() {
    Map<Part, Supplier<Optional<String>>> asked;
    synchronized (this) {
      asked = new EnumMap<>(faults);
    }
    Map<Part, String> found = new TreeMap<>();
    asked.forEach((part, fault) -> fault.get().ifPresent(sentence -> found.put(part, sentence)));
    return found;
  }
}
