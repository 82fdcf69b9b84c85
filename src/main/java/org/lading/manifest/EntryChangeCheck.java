package org.lading.manifest;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lading.base.ResourceCloser;
import org.lading.root.ChangeCheck;
import org.lading.root.Root;
import org.lading.root.Roots;

/** Checks whether the sources of one download's entries changed, in all roots that they lie in. */
final class EntryChangeCheck implements AutoCloseable {
  private final Roots roots;
  private final Map<String, ChangeCheck> byRoot = new HashMap<>();

  EntryChangeCheck(Roots roots) {
    this.roots = roots;
  }

  /** Returns whether the source still has the entry's size and time; an entry without one does. */
  boolean isUnchanged(Entry entry) {
    Entry.Source source = entry.source();
    if (source == null) {
      return true;
    }
    ChangeCheck check = check(source.root());
    return check != null && check.isUnchanged(source.key(), entry.size(), entry.modified());
  }

  @Override
  public void close() {
    ResourceCloser.closeAll(byRoot.values(), ChangeCheck::close);
  }

  /** Returns the check of a root, or null if the root is no longer configured. */
  private @Nullable ChangeCheck check(String name) {
    ChangeCheck known = byRoot.get(name);
    Root root = known == null ? roots.find(name) : null;
    if (root != null) {
      known = root.changeCheck();
      byRoot.put(name, known);
    }
    return known;
  }
}
